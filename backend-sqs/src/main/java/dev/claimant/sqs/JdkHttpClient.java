package dev.claimant.sqs;

import java.lang.reflect.InvocationTargetException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The AWS SDK's requests through the JDK's own HTTP client: nothing more to load, and a request can be cancelled. It repeats no request by
 * itself. On Java 17 idle connections end when this object is collected; from Java 21 on they end with {@link #close}.
 */
final class JdkHttpClient implements SdkAsyncHttpClient {

    /** The JDK's client writes these itself, and throws where they are given. */
    private static final Set<String> WRITTEN_BY_THE_CLIENT =
            Set.of("host", "content-length", "connection", "expect", "upgrade");

    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "claimant-sqs-http");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client;

    private JdkHttpClient(Duration connectTimeout) {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(executor)
                .build();
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request(call.request(), call.requestContentPublisher()), BodyHandlers.ofByteArray());
        CompletableFuture<Void> done = new CompletableFuture<>();
        var unused = exchange.whenComplete((response, failure) -> {
            if (failure == null) {
                hand(response, call.responseHandler(), done);
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                call.responseHandler().onError(cause);
                done.completeExceptionally(cause);
            }
        });
        return cancelling(exchange, done);
    }

    /** The SDK cancels what takes too long: the exchange then ends, too. */
    private static CompletableFuture<Void> cancelling(CompletableFuture<?> exchange, CompletableFuture<Void> done) {
        var unused = done.whenComplete((nothing, failure) -> {
            if (done.isCancelled()) {
                exchange.cancel(true);
            }
        });
        return done;
    }

    private static HttpRequest request(SdkHttpRequest request, SdkHttpContentPublisher content) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.getUri());
        request.forEachHeader((name, values) -> {
            if (!WRITTEN_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        long length = content.contentLength().orElse(0L);
        BodyPublisher body = length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(FlowAdapters.toFlowPublisher(content), length);
        return builder.method(request.method().name(), body).build();
    }

    private static void hand(
            HttpResponse<byte[]> response, SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done) {
        handler.onHeaders(SdkHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .build());
        handler.onStream(subscriber -> subscriber.onSubscribe(new Whole(response.body(), subscriber, done)));
    }

    /** A body that is there already, in one piece. */
    private record Whole(
            ByteBuffer body,
            Subscriber<? super ByteBuffer> subscriber,
            CompletableFuture<Void> done,
            AtomicBoolean sent)
            implements Subscription {

        Whole(byte[] body, Subscriber<? super ByteBuffer> subscriber, CompletableFuture<Void> done) {
            this(ByteBuffer.wrap(body), subscriber, done, new AtomicBoolean());
        }

        @Override
        public void request(long count) {
            if (sent.compareAndSet(false, true)) {
                subscriber.onNext(body);
                subscriber.onComplete();
                done.complete(null);
            }
        }

        @Override
        public void cancel() {
            sent.set(true);
            done.complete(null);
        }
    }

    /** For the SDK, which then closes it with the client that it is for. */
    record Builder(Duration connectTimeout) implements SdkAsyncHttpClient.Builder<Builder> {
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap ignored) {
            return new JdkHttpClient(connectTimeout);
        }
    }

    @Override
    public String clientName() {
        return "JdkHttpClient";
    }

    @Override
    public void close() {
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client); // Java 21
        } catch (NoSuchMethodException olderJava) {
            // the collector ends it
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the HTTP client cannot be shut down", e);
        }
        executor.shutdown();
    }
}
