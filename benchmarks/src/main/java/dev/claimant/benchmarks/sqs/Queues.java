package dev.claimant.benchmarks.sqs;

import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import java.util.ArrayList;
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

/** The harness's own client: makes queues, fills them, and counts what is left. */
final class Queues implements AutoCloseable {

    private static final int BODY_BYTES = 200;
    private static final int IN_ONE_REQUEST = 10;
    private static final int REQUESTS_AT_ONCE = 20;
    private static final String NAME = "bench";

    private final String endpoint;
    private final SqsAsyncClient client;
    private final String deadLetterArn;
    private @Nullable String url;

    Queues(String endpoint) {
        this.endpoint = endpoint;
        client = SqsMessages.client(SqsConfig.queue(endpoint + "/000000000000/" + NAME)
                .endpoint(endpoint)
                .region(Target.REGION)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("bench", "bench")))
                .build());
        String dead = client.createQueue(request -> request.queueName(NAME + "-dead"))
                .join()
                .queueUrl();
        deadLetterArn = attribute(dead, QueueAttributeName.QUEUE_ARN);
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

    Target target() {
        return new Target(endpoint, url());
    }

    /** A new standard queue with a redrive policy that holds messages with the numbers from 0. */
    void fill(int messages) {
        if (url != null) {
            client.deleteQueue(request -> request.queueUrl(url())).join();
        }
        String policy = "{\"deadLetterTargetArn\":\"" + deadLetterArn + "\",\"maxReceiveCount\":\"100\"}";
        url = client.createQueue(request ->
                        request.queueName(NAME).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                .join()
                .queueUrl();
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
                    .build());
        }
        return client.sendMessageBatch(request -> request.queueUrl(url()).entries(entries))
                .thenAccept(response -> {
                    if (response.hasFailed() && !response.failed().isEmpty()) {
                        throw new IllegalStateException("not sent: " + response.failed());
                    }
                });
    }

    /** Sends one more. */
    void send(int number) {
        client.sendMessage(request -> request.queueUrl(url()).messageBody(body(number)))
                .join();
    }

    private static String body(int number) {
        String text = number + " ";
        return text + "x".repeat(BODY_BYTES - text.length());
    }

    /** How many the queue holds, claimed ones included. */
    long left() {
        return Long.parseLong(attribute(url(), QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Long.parseLong(attribute(url(), QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    @Override
    public void close() {
        client.close();
    }
}
