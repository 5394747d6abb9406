package dev.claimant.rabbitmq;

import com.rabbitmq.client.Channel;
import dev.claimant.Verdict;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether the broker has heard what was sent on a channel. It answers in order: what was sent before a question has been heard with its answer.
 */
record Hearing(Channel channel, BrokerThread brokerThread) {

    /** UNKNOWN where no answer comes in time. */
    Verdict ask(long deadline) {
        CompletableFuture<Verdict> answer = new CompletableFuture<>();
        brokerThread.later(0, () -> {
            try {
                channel.confirmSelect(); // changes nothing on a channel that publishes nothing
                answer.complete(Verdict.APPLIED);
            } catch (IOException | RuntimeException e) {
                answer.complete(Verdict.UNKNOWN);
            }
        });
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // not yet
        }
        return Verdict.UNKNOWN;
    }
}
