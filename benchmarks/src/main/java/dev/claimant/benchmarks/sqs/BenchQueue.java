package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.QueueContender;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** The harness's own client at one queue, standard or FIFO: makes it anew, fills it, and counts what is left. */
final class BenchQueue implements QueueContender.Queue, AutoCloseable {

    private static final int NOOP_MESSAGES = 40_000;
    private static final int BODY_BYTES = 200;
    private static final int IN_ONE_REQUEST = 10;
    private static final int REQUESTS_AT_ONCE = 20;
    private static final String NAME = "bench";

    /** As many FIFO messages can be worked on at once. */
    private static final int GROUPS = 200;

    private final String endpoint;
    private final boolean fifo;
    private final SqsAsyncClient client;
    private final String deadLetterArn;
    private @Nullable String url;

    BenchQueue(String endpoint, boolean fifo) {
        this.endpoint = endpoint;
        this.fifo = fifo;
        client = SqsMessages.client(SqsConfig.queue(endpoint + "/000000000000/" + NAME)
                .endpoint(endpoint)
                .region(Target.REGION)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench")))
                .build());
        deadLetterArn = attribute(create(NAME + "-dead", Map.of()), QueueAttributeName.QUEUE_ARN);
    }

    private String create(String name, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new EnumMap<>(QueueAttributeName.class);
        all.putAll(attributes);
        if (fifo) {
            all.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        return client.createQueue(request ->
                        request.queueName(fifo ? name + ".fifo" : name).attributes(all))
                .join()
                .queueUrl();
    }

    private String attribute(String queueUrl, QueueAttributeName name) {
        return Objects.requireNonNull(
                client.getQueueAttributes(request -> request.queueUrl(queueUrl).attributeNames(name))
                        .join()
                        .attributes()
                        .get(name));
    }

    private String url() {
        return Objects.requireNonNull(url, "no queue was filled");
    }

    @Override
    public Map<String, String> environment() {
        return new Target(endpoint, url()).environment();
    }

    @Override
    public int noopMessages() {
        return fifo ? NOOP_MESSAGES / 2 : NOOP_MESSAGES;
    }

    /** A new queue, with a redrive policy. */
    @Override
    public void fill(int messages) {
        if (url != null) {
            client.deleteQueue(request -> request.queueUrl(url())).join();
        }
        String policy = "{\"deadLetterTargetArn\":\"" + deadLetterArn + "\",\"maxReceiveCount\":\"100\"}";
        url = create(NAME, Map.of(QueueAttributeName.REDRIVE_POLICY, policy));
        List<CompletableFuture<?>> sending = new ArrayList<>();
        for (int number = 0; number < messages; number += IN_ONE_REQUEST) {
            sending.add(sendBatch(number, Math.min(messages, number + IN_ONE_REQUEST)));
            if (sending.size() == REQUESTS_AT_ONCE) {
                sending.forEach(CompletableFuture::join);
                sending.clear();
            }
        }
        sending.forEach(CompletableFuture::join);
    }

    private CompletableFuture<?> sendBatch(int from, int to) {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (int number = from; number < to; number++) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id(Integer.toString(number))
                    .messageBody(body(number))
                    .messageGroupId(group(number))
                    .messageDeduplicationId(deduplication(number))
                    .build());
        }
        return client.sendMessageBatch(request -> request.queueUrl(url()).entries(entries))
                .thenAccept(response -> {
                    if (response.hasFailed() && !response.failed().isEmpty()) {
                        throw new IllegalStateException("not sent: " + response.failed());
                    }
                });
    }

    @Override
    public void send(int number) {
        client.sendMessage(request -> request.queueUrl(url())
                        .messageBody(body(number))
                        .messageGroupId(group(number))
                        .messageDeduplicationId(deduplication(number)))
                .join();
    }

    private @Nullable String group(int number) {
        return fifo ? "group-" + number % GROUPS : null;
    }

    private @Nullable String deduplication(int number) {
        return fifo ? Integer.toString(number) : null;
    }

    private static String body(int number) {
        String text = number + " ";
        return text + "x".repeat(BODY_BYTES - text.length());
    }

    @Override
    public long left() {
        return Long.parseLong(attribute(url(), QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Long.parseLong(attribute(url(), QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    @Override
    public void close() {
        client.close();
    }
}
