package dev.claimant.servicebus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Ends the link of a stopped worker when nothing is on its way any more, and hands back what has come when the link has ended. Its credit cannot be
 * recalled: what the SDK has when the link ends, or what Service Bus sends to a link that is ending, is locked for nobody (ADR 0083). Used under the
 * lock of the {@link DeliveryBuffer}.
 */
final class LinkEnding {

    /** What is ended. */
    interface Link {
        /** Whether it is there and has credit. */
        boolean mayBringMore();

        void end();

        /** The last step. */
        void giveBackAll();
    }

    /** For the threads through which a message passes here when it has come over the network. */
    private static final Duration QUIET = Duration.ofMillis(250);

    /** Where messages keep coming after as many looks, more will be on their way whenever the link ends. */
    private static final int MOST_LOOKS = 4;

    private final Duration longest;
    private final Connections connections;
    private final DeliveryBuffer buffer;
    private final Link link;
    private boolean hasBegun;
    private int looks;
    private boolean isOver;

    /** @param longest no answer is waited for any longer */
    LinkEnding(Duration longest, Connections connections, DeliveryBuffer buffer, Link link) {
        this.longest = longest;
        this.connections = connections;
        this.buffer = buffer;
        this.link = link;
    }

    /** From now on it looks for the moment. */
    void begin() {
        if (!hasBegun) {
            hasBegun = true;
            look();
        }
    }

    /** Whether the service was asked for the last time, and has answered or does not: nobody need ask it again. */
    boolean isOver() {
        return isOver;
    }

    /** What was sent before an answer has come before it. Whether nothing has, is seen a moment after that. */
    private void look() {
        long askedAt = System.nanoTime();
        if (!link.mayBringMore()) {
            link.giveBackAll();
        } else {
            ask(1, hasFailed -> {
                if (hasFailed) {
                    giveBackAll();
                } else {
                    CompletableFuture.delayedExecutor(QUIET.toMillis(), TimeUnit.MILLISECONDS)
                            .execute(() -> buffer.run(() -> decide(askedAt)));
                }
            });
        }
    }

    /** The link ends when the settlements on it are answered: until two answers later, Service Bus would send by it again what is handed back. */
    private void decide(long askedAt) {
        looks++;
        if (looks < MOST_LOOKS && !buffer.probe.silentSince(askedAt)) {
            look();
        } else {
            link.end();
            ask(2, hasFailed -> giveBackAll());
        }
    }

    private void giveBackAll() {
        isOver = true;
        link.giveBackAll();
    }

    /** Asks, and again after each answer. */
    private void ask(int times, Consumer<Boolean> next) {
        var unused = Mono.defer(() -> connections.now().looker().peekMessage())
                .repeat(times - 1)
                .then()
                .timeout(longest)
                .toFuture()
                .whenComplete((nothing, failure) -> buffer.run(() -> next.accept(failure != null)));
    }
}
