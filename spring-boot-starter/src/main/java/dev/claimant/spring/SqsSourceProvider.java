package dev.claimant.spring;

import dev.claimant.spi.Source;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Queues of Amazon SQS; a bean of type AwsCredentialsProvider says who asks, where there is one. */
final class SqsSourceProvider implements SourceProvider {

    private final ObjectProvider<AwsCredentialsProvider> credentials;

    SqsSourceProvider(ObjectProvider<AwsCredentialsProvider> credentials) {
        this.credentials = credentials;
    }

    @Override
    public String setting() {
        return "sqs";
    }

    @Override
    public @Nullable Source source(String worker, WorkerProperties properties) {
        SqsProperties sqs = properties.sqs();
        return sqs == null ? null : SqsSource.of(config(sqs));
    }

    private SqsConfig config(SqsProperties properties) {
        SqsConfig.Builder config = SqsConfig.queue(Sources.required(properties.url(), "url"));
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::deadLetterQueue).to(config::deadLetterQueue);
        map.from(properties::withoutDeadLetters).whenTrue().toCall(config::withoutDeadLetters);
        map.from(properties::region).to(config::region);
        map.from(properties::endpoint).to(config::endpoint);
        map.from(properties::fips).whenTrue().toCall(config::fips);
        map.from(properties::dualStack).whenTrue().toCall(config::dualStack);
        map.from(properties::lockLength).to(config::lockLength);
        map.from(properties::longestLock).to(config::longestLock);
        map.from(properties::longestPoll).to(config::longestPoll);
        map.from(properties::requestTimeout).to(config::requestTimeout);
        credentials.ifUnique(config::credentials);
        return config.build();
    }
}
