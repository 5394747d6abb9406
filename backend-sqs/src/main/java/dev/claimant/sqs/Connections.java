package dev.claimant.sqs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/**
 * The one client of a source, made at its first use. The client repeats nothing by itself: a repeated receive would hide what the first one
 * got, and core repeats what else is worth it. Thread-safe.
 */
final class Connections implements AutoCloseable {

    private final SqsConfig config;
    private final AwsRequestOverrideConfiguration once;
    private @Nullable SqsAsyncClient client;
    private boolean closed;

    Connections(SqsConfig config) {
        this.config = config;
        once = bounded(config.requestTimeout);
    }

    synchronized SqsAsyncClient client() {
        if (closed) {
            throw new IllegalStateException("the source of " + config.queue + " is closed");
        }
        if (client == null) {
            client = config.client != null ? config.client : connect(config);
        }
        return client;
    }

    /** A client of its own; the caller closes it. */
    static SqsAsyncClient connect(SqsConfig config) {
        return connect(config, new HttpTransport.Builder(config.requestTimeout));
    }

    static SqsAsyncClient connect(SqsConfig config, SdkAsyncHttpClient.Builder<?> transport) {
        SqsAsyncClientBuilder builder = SqsAsyncClient.builder()
                .httpClientBuilder(transport)
                .fipsEnabled(config.fips ? true : null)
                .dualstackEnabled(config.dualStack ? true : null)
                .overrideConfiguration(common -> common.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .asyncConfiguration(async -> async.advancedOption(
                        // What we do with an answer takes microseconds: no thread of its own.
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
        if (config.region != null) {
            builder.region(Region.of(config.region));
        }
        if (config.endpoint != null) {
            builder.endpointOverride(config.endpoint);
        }
        if (config.credentials != null) {
            builder.credentialsProvider(config.credentials);
        }
        return builder.build();
    }

    /** For requests that are answered at once. */
    AwsRequestOverrideConfiguration once() {
        return once;
    }

    /** With another bound. */
    AwsRequestOverrideConfiguration onceWithin(Duration bound) {
        return bounded(bound);
    }

    private AwsRequestOverrideConfiguration bounded(Duration timeout) {
        AwsRequestOverrideConfiguration.Builder bounded =
                AwsRequestOverrideConfiguration.builder().apiCallTimeout(timeout);
        if (config.client != null) {
            // Its own strategy may repeat.
            bounded.addPlugin(settings -> settings.overrideConfiguration(settings.overrideConfiguration().toBuilder()
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .build()));
        }
        return bounded.build();
    }

    /**
     * Asks and waits for the answer.
     *
     * @param action as in an IAM policy, {@code sqs:GetQueueAttributes}
     */
    <T> T ask(String action, QueueAddress queue, Function<SqsAsyncClient, CompletableFuture<T>> request) {
        CompletableFuture<T> answer;
        try {
            answer = request.apply(client());
            // The SDK's own bound comes first; this one is for clients that do not keep it.
            return answer.get(config.requestTimeout.toNanos() * 2, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | RuntimeException e) {
            throw SqsErrors.failed(action, queue, e);
        } catch (TimeoutException e) {
            throw SqsErrors.noAnswer(action, queue, config.requestTimeout);
        } catch (InterruptedException e) {
            throw SqsErrors.interrupted(action, queue, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null && config.client == null) {
            client.close();
        }
        client = null;
    }
}
