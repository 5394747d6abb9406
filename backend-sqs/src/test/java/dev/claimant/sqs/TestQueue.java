package dev.claimant.sqs;

import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Sending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** A queue of its own with a queue for its dead letters, and hands that reach past the source. */
final class TestQueue implements AutoCloseable {

    private static final int AT_ONCE = 20;

    private static final int NO_LIMIT = 1_000;

    private final boolean fifo;
    private final boolean onFauxqs;
    private final SqsAsyncClient client;
    private final String name;
    private final String url;
    private final String deadUrl;

    TestQueue(TestServer server, boolean fifo) {
        this(server, fifo, NO_LIMIT);
    }

    /** @param maxReceiveCount of its redrive policy; 0 for none */
    TestQueue(TestServer server, boolean fifo, int maxReceiveCount) {
        this.fifo = fifo;
        onFauxqs = server.name().equals("fauxqs");
        client = server.client();
        name = "q-" + UUID.randomUUID();
        deadUrl = create(name + "-dead", Map.of());
        Map<QueueAttributeName, String> policy = maxReceiveCount == 0
                ? Map.of()
                : Map.of(
                        QueueAttributeName.REDRIVE_POLICY,
                        "{\"deadLetterTargetArn\":\"" + attribute(deadUrl, QueueAttributeName.QUEUE_ARN)
                                + "\",\"maxReceiveCount\":\"" + maxReceiveCount + "\"}");
        url = create(name, policy);
    }

    private String create(String queue, Map<QueueAttributeName, String> attributes) {
        Map<QueueAttributeName, String> all = new HashMap<>(attributes);
        if (fifo) {
            all.put(QueueAttributeName.FIFO_QUEUE, "true");
        }
        return get(client.createQueue(
                        request -> request.queueName(queue + suffix()).attributes(all)))
                .queueUrl();
    }

    private String suffix() {
        return fifo ? ".fifo" : "";
    }

    SqsAsyncClient client() {
        return client;
    }

    String url() {
        return url;
    }

    String deadUrl() {
        return deadUrl;
    }

    /** The address of a queue that does not exist. */
    String missing(String what) {
        return url.replace(name, what + "-" + name);
    }

    String send(String text) {
        return send(new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null));
    }

    String send(Sending message) {
        return get(sending(message)).messageId();
    }

    /** Some at a time: a server refuses connections when hundreds come at once. In order within each ordering key if these are of different keys. */
    void sendAll(List<Sending> messages) {
        for (int from = 0; from < messages.size(); from += AT_ONCE) {
            List<Sending> some = messages.subList(from, Math.min(messages.size(), from + AT_ONCE));
            some.stream().map(this::sending).toList().forEach(TestQueue::get);
        }
    }

    private CompletableFuture<SendMessageResponse> sending(Sending message) {
        String unique = UUID.randomUUID().toString();
        String key = message.orderingKey() == null && fifo ? unique : message.orderingKey();
        return client.sendMessage(request(message, key)
                .queueUrl(url)
                .messageDeduplicationId(fifo ? unique : null)
                .build());
    }

    /** fauxqs takes no characters beyond U+FFFF in a body, which AWS does: there they go as bytes. */
    private SendMessageRequest.Builder request(Sending message, @Nullable String key) {
        SendMessageRequest.Builder request = SqsMessages.request(message.body(), message.headers(), null, key);
        SendMessageRequest built = request.build();
        if (onFauxqs && built.messageBody().codePoints().anyMatch(c -> c > 0xFFFF)) {
            Map<String, MessageAttributeValue> attributes = new HashMap<>(built.messageAttributes());
            Envelope.of(attributes).put(Envelope.BODY, "base64").writeTo(attributes);
            request.messageAttributes(attributes)
                    .messageBody(Base64.getEncoder().encodeToString(message.body()));
        }
        return request;
    }

    /** All of them, oldest first; they stay where they are. */
    List<DeadMessage> deadLetters() {
        List<Message> all = new ArrayList<>();
        for (List<Message> some = receive(deadUrl, 30); !some.isEmpty(); some = receive(deadUrl, 30)) {
            all.addAll(some);
        }
        all.forEach(message -> get(client.changeMessageVisibility(request ->
                request.queueUrl(deadUrl).receiptHandle(message.receiptHandle()).visibilityTimeout(0))));
        return all.stream()
                .map(message -> {
                    String reason = Envelope.of(message.messageAttributes()).get(Envelope.REASON);
                    dev.claimant.Message read = Messages.message(message, fifo);
                    return new DeadMessage(read.body(), reason == null ? "" : reason, read.idempotencyKey());
                })
                .toList();
    }

    List<Message> receive(String from, int seconds) {
        ReceiveMessageResponse response = get(client.receiveMessage(request -> request.queueUrl(from)
                .maxNumberOfMessages(10)
                .visibilityTimeout(seconds)
                .messageAttributeNames("All")
                .messageSystemAttributeNamesWithStrings("All")));
        return response.messages();
    }

    /** What KEDA's scaler calculates from the three counters. */
    long scaler(boolean onInFlight, boolean onDelayed) {
        Map<QueueAttributeName, String> counters = attributes(url);
        long sum = count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
        if (onInFlight) {
            sum += count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
        }
        if (onDelayed) {
            sum += count(counters, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
        }
        return sum;
    }

    private static long count(Map<QueueAttributeName, String> counters, QueueAttributeName name) {
        return Long.parseLong(Objects.requireNonNull(counters.get(name)));
    }

    private String attribute(String queue, QueueAttributeName attribute) {
        return Objects.requireNonNull(attributes(queue).get(attribute));
    }

    Map<QueueAttributeName, String> attributes(String queue) {
        return get(client.getQueueAttributes(request -> request.queueUrl(queue).attributeNames(QueueAttributeName.ALL)))
                .attributes();
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.join();
    }

    @Override
    public void close() {
        get(client.deleteQueue(request -> request.queueUrl(url)));
        get(client.deleteQueue(request -> request.queueUrl(deadUrl)));
        client.close();
    }
}
