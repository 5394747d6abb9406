package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Takes messages. A request that may bring some is never cut off: SQS hands messages to a connection that is gone, and they are invisible
 * for a whole lock. A caller that waits no longer leaves the request to end by itself, and what it brings goes back.
 */
final class Claiming {

    static final String RECEIVE = "sqs:ReceiveMessage";

    /** What {@link Messages} and {@link Copies} read; each costs both sides time for each message. */
    private static final List<MessageSystemAttributeName> USED = List.of(
            MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
            MessageSystemAttributeName.SENT_TIMESTAMP,
            MessageSystemAttributeName.MESSAGE_GROUP_ID,
            MessageSystemAttributeName.SEQUENCE_NUMBER,
            MessageSystemAttributeName.AWS_TRACE_HEADER);

    private final SqsConfig config;
    private final Connections connections;
    private final Batches batches;
    private final Holding holding;
    private final Events events;
    private final Pollers pollers;
    private final CompletableFuture<Void> stop;

    /** Requests that nobody waits for, and the returns of what they bring. */
    private final ConcurrentMap<Long, CompletableFuture<?>> leftBehind = new ConcurrentHashMap<>();

    private final AtomicLong numbers = new AtomicLong();

    Claiming(
            SqsConfig config,
            Connections connections,
            Batches batches,
            Holding holding,
            Events events,
            int claimers,
            CompletableFuture<Void> stop) {
        this.config = config;
        this.connections = connections;
        this.batches = batches;
        this.holding = holding;
        this.events = events;
        this.stop = stop;
        pollers = new Pollers(claimers);
        var unused = stop.thenRun(pollers::stop);
    }

    List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        int most = Math.min(demand, Batches.MOST);
        List<Claim> claims = List.of();
        do {
            if (stop.isDone()) {
                return List.of();
            }
            if (wait.isZero()) {
                pollers.enterAtOnce();
            } else if (!pollers.enter(deadline)) {
                return List.of();
            }
            int brought = 0;
            try {
                claims = poll(most, deadline - System.nanoTime());
                brought = claims.size();
            } finally {
                pollers.leave(most, brought);
            }
        } while (claims.isEmpty() && System.nanoTime() - deadline < 0);
        return claims;
    }

    private List<Claim> poll(int most, long waitNanos) throws InterruptedException {
        Duration wait = wholeSeconds(waitNanos);
        long askedAt = System.nanoTime();
        CompletableFuture<ReceiveMessageResponse> answer = receive(most, wait);
        try {
            // The SDK's own bound comes first; this one is for clients that do not keep it.
            long bound = config.requestTimeout.multipliedBy(2).plus(wait).toNanos();
            CompletableFuture.anyOf(answer, stop).get(bound, TimeUnit.NANOSECONDS);
            if (answer.isDone()) {
                return hold(answer.get(), askedAt);
            }
            leave(answer, askedAt);
            return List.of();
        } catch (InterruptedException e) {
            leave(answer, askedAt);
            throw e;
        } catch (TimeoutException e) {
            leave(answer, askedAt);
            throw SqsErrors.noAnswer(RECEIVE, config.queue, config.requestTimeout.plus(wait));
        } catch (ExecutionException e) {
            throw SqsErrors.failed(RECEIVE, config.queue, e);
        }
    }

    private Duration wholeSeconds(long nanos) {
        if (nanos <= 0) {
            return Duration.ZERO;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
        return Duration.ofSeconds(Math.min(seconds, config.longestPoll.toSeconds()));
    }

    private CompletableFuture<ReceiveMessageResponse> receive(int most, Duration wait) {
        try {
            return connections
                    .client()
                    .receiveMessage(request -> request.queueUrl(config.queue.url())
                            .maxNumberOfMessages(most)
                            .waitTimeSeconds((int) wait.toSeconds())
                            .visibilityTimeout((int) config.lockLength.toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(USED)
                            .overrideConfiguration(connections.onceAfter(wait)));
        } catch (RuntimeException e) {
            throw SqsErrors.failed(RECEIVE, config.queue, e);
        }
    }

    private List<Claim> hold(ReceiveMessageResponse response, long askedAt) {
        List<Claim> claims = new ArrayList<>();
        List<Claim> lost = new ArrayList<>();
        for (SqsClaim claim : claims(response, askedAt)) {
            lost.addAll(holding.add(claim));
            claims.add(claim);
        }
        if (!lost.isEmpty()) {
            events.lost(lost);
        }
        return claims;
    }

    private List<SqsClaim> claims(ReceiveMessageResponse response, long askedAt) {
        return response.messages().stream()
                .map(message -> Messages.claim(message, config, askedAt))
                .toList();
    }

    /** Nobody waits for it any more: what it brings goes back at once. */
    private void leave(CompletableFuture<ReceiveMessageResponse> answer, long askedAt) {
        CompletableFuture<?> returned = answer.thenCompose(response -> giveBack(claims(response, askedAt)));
        leaveBehind(answer);
        leaveBehind(returned);
    }

    private void leaveBehind(CompletableFuture<?> future) {
        long number = numbers.incrementAndGet();
        leftBehind.put(number, future);
        var unused = future.whenComplete((result, failure) -> leftBehind.remove(number));
    }

    private CompletableFuture<?> giveBack(List<SqsClaim> claims) {
        List<CompletableFuture<Batches.Answer>> answers =
                batches.keep(claims, claims.stream().map(claim -> 0).toList());
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    }

    /** Waits for the requests that were left behind, as long as they may take; aborts what is left. */
    void close() {
        long bound = config.longestPoll.plus(config.requestTimeout).toNanos();
        CompletableFuture<?>[] ends = leftBehind.values().stream()
                .map(end -> end.handle((result, failure) -> null))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(bound, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // aborted below
        }
        leftBehind.values().forEach(end -> end.cancel(true));
    }
}
