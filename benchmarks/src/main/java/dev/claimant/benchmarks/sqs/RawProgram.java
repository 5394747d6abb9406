package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Loops written by hand over the SDK's client with its default transport, Netty: each receives ten, handles them, deletes the ten and
 * begins again. There are four, or as many as fill the slots. Nobody renews, retries, stops in order or reports.
 */
public class RawProgram implements Program {

    private static final int LOOPS = 4;
    private static final int IN_ONE_REQUEST = 10;

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        SqsAsyncClient client = client(target);
        ExecutorService loops = Executors.newCachedThreadPool();
        ExecutorService handlers = duty.takesTime() ? Executors.newFixedThreadPool(duty.slots()) : null;
        int count = loops(duty.takesTime() ? Math.max(LOOPS, duty.slots() / IN_ONE_REQUEST) : LOOPS);
        for (int i = 0; i < count; i++) {
            loops.execute(() -> loop(client, target.queueUrl(), duty, loops, handlers));
        }
        return () -> {
            loops.shutdown();
            loops.awaitTermination(1, TimeUnit.MINUTES);
            if (handlers != null) {
                handlers.shutdown();
            }
            client.close();
        };
    }

    protected SqsAsyncClient client(Target target) {
        return userClient(target);
    }

    /** What a user of the SDK builds. */
    static SqsAsyncClient userClient(Target target) {
        return SqsAsyncClient.builder()
                .endpointOverride(URI.create(target.endpoint()))
                .region(Region.of(Target.REGION))
                .build();
    }

    /** How many loops there are for as many as the slots need. */
    protected int loops(int needed) {
        return needed;
    }

    /** Whether a loop asks for the next ten while the last ten are being deleted. */
    protected boolean asksAhead() {
        return false;
    }

    private void loop(
            SqsAsyncClient client, String url, Duty duty, ExecutorService loops, @Nullable ExecutorService handlers) {
        CompletableFuture<?> deleting = CompletableFuture.completedFuture(null);
        while (!loops.isShutdown()) {
            List<Message> messages = client.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(IN_ONE_REQUEST)
                            .waitTimeSeconds(Target.LONGEST_POLL_SECONDS))
                    .join()
                    .messages();
            if (!messages.isEmpty()) {
                handle(messages, duty, handlers);
                deleting.join();
                deleting = client.deleteMessageBatch(
                        request -> request.queueUrl(url).entries(entries(messages)));
            }
            if (!asksAhead()) {
                deleting.join();
            }
        }
        deleting.join();
    }

    private static void handle(List<Message> messages, Duty duty, @Nullable ExecutorService handlers) {
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Message message : messages) {
                int number = Target.number(message.body());
                if (handlers == null) {
                    duty.handle(number);
                } else {
                    running.add(handlers.submit(() -> {
                        duty.handle(number);
                        return null;
                    }));
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<DeleteMessageBatchRequestEntry> entries(List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id(Integer.toString(entries.size()))
                    .receiptHandle(message.receiptHandle())
                    .build());
        }
        return entries;
    }
}
