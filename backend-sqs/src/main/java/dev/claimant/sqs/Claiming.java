package dev.claimant.sqs;

import dev.claimant.Claim;
import dev.claimant.spi.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Takes messages. A request that may bring some is never cut off: SQS hands messages to a connection that is gone, and they are invisible
 * for a whole lock. A caller that waits no longer leaves the request to end by itself, and what it brings goes back; so does what a slow
 * answer brings, up to a minute after its time.
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

    private static final Duration MOST_LATE = Duration.ofMinutes(1);

    private final SqsConfig config;
    private final Connections connections;
    private final Batches batches;
    private final Holding holding;
    private final Events events;
    private final Pollers pollers;
    private final CompletableFuture<Void> stop;

    /** Nobody waits for it, unless the source is closed: then until it is due. */
    private record LeftBehind(CompletableFuture<?> end, long due) {}

    /** Requests that nobody waits for, and the returns of what they bring. */
    private final Set<LeftBehind> leftBehind = ConcurrentHashMap.newKeySet();

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
            if (!(wait.isZero() ? pollers.enterAtOnce() : pollers.enter(deadline))) {
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
        Duration bound = config.requestTimeout.plus(wait);
        long askedAt = System.nanoTime();
        long due = askedAt + bound.toNanos();
        CompletableFuture<ReceiveMessageResponse> answer = receive(most, wait, bound.plus(mostLate()));
        try {
            CompletableFuture.anyOf(answer, stop).get(due - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer.isDone()) {
                return hold(answer.get(), askedAt);
            }
            leave(answer, askedAt, due);
            return List.of();
        } catch (InterruptedException e) {
            leave(answer, askedAt, due);
            throw e;
        } catch (TimeoutException e) {
            leave(answer, askedAt, due);
            throw SqsErrors.noAnswer(RECEIVE, config.queue, bound);
        } catch (ExecutionException e) {
            throw SqsErrors.failed(RECEIVE, config.queue, e);
        }
    }

    /** What is later than a lock brings nothing that is still locked. */
    private Duration mostLate() {
        return config.lockLength.compareTo(MOST_LATE) < 0 ? config.lockLength : MOST_LATE;
    }

    private Duration wholeSeconds(long nanos) {
        if (nanos <= 0) {
            return Duration.ZERO;
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1);
        return Duration.ofSeconds(Math.min(seconds, config.longestPoll.toSeconds()));
    }

    private CompletableFuture<ReceiveMessageResponse> receive(int most, Duration wait, Duration within) {
        try {
            return connections
                    .client()
                    .receiveMessage(request -> request.queueUrl(config.queue.url())
                            .maxNumberOfMessages(most)
                            .waitTimeSeconds((int) wait.toSeconds())
                            .visibilityTimeout((int) config.lockLength.toSeconds())
                            .messageAttributeNames("All")
                            .messageSystemAttributeNames(USED)
                            .overrideConfiguration(connections.onceWithin(within)));
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
    private void leave(CompletableFuture<ReceiveMessageResponse> answer, long askedAt, long due) {
        CompletableFuture<?> returned = answer.thenCompose(response -> giveBack(claims(response, askedAt)));
        leaveBehind(answer, due);
        leaveBehind(returned, due + config.requestTimeout.toNanos());
    }

    private void leaveBehind(CompletableFuture<?> future, long due) {
        LeftBehind left = new LeftBehind(future, due);
        leftBehind.add(left);
        var unused = future.whenComplete((result, failure) -> leftBehind.remove(left));
    }

    private CompletableFuture<?> giveBack(List<SqsClaim> claims) {
        List<CompletableFuture<Batches.Answer>> answers =
                batches.keep(claims, claims.stream().map(claim -> 0).toList());
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    }

    /** After the stop. Waits for the requests that were left behind, as long as they should take; aborts what is left. */
    void close() {
        pollers.awaitNone(config.requestTimeout.toNanos());
        leftBehind.forEach(Claiming::await);
        leftBehind.forEach(left -> left.end.cancel(true));
    }

    private static void await(LeftBehind left) {
        try {
            left.end.get(Math.max(0, left.due - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            // over, or aborted
        }
    }
}
