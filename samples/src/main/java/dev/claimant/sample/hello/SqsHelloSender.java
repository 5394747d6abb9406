package dev.claimant.sample.hello;

import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** Asks for greetings through SQS. On a FIFO queue each has a group of its own: greetings need no order. */
public final class SqsHelloSender {

    private static final int AT_ONCE = 50;

    private SqsHelloSender() {}

    /**
     * Sends {@code Hello 1}, {@code Hello 2} and so on, and returns when SQS has them all.
     *
     * @throws IOException if one was not taken; others may have been
     */
    public static void send(SqsConfig config, int messages, int seconds) throws IOException {
        try (SqsAsyncClient client = SqsMessages.client(config)) {
            List<CompletableFuture<SendMessageResponse>> sending = new ArrayList<>();
            for (int i = 1; i <= messages; i++) {
                sending.add(client.sendMessage(request(config, "Hello " + i, seconds)));
                if (sending.size() == AT_ONCE || i == messages) {
                    sending.forEach(CompletableFuture::join);
                    sending.clear();
                }
            }
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot send to " + config.queueUrl() + ": " + cause.getMessage(), e);
        }
    }

    private static SendMessageRequest request(SqsConfig config, String text, int seconds) {
        boolean fifo = config.queueUrl().endsWith(".fifo");
        String unique = UUID.randomUUID().toString();
        return SqsMessages.request(
                        text.getBytes(StandardCharsets.UTF_8),
                        Map.of(HelloSender.SECONDS, Integer.toString(seconds)),
                        unique,
                        fifo ? unique : null)
                .queueUrl(config.queueUrl())
                .messageDeduplicationId(fifo ? unique : null)
                .build();
    }
}
