package dev.claimant;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a store before and tells it after. */
final class IdempotencyInterceptor implements Handler.Interceptor {

    static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

    private final IdempotencyStore store;
    private final Function<Claim, @Nullable String> keyOf;

    IdempotencyInterceptor(IdempotencyStore store, Function<Claim, @Nullable String> keyOf) {
        this.store = store;
        this.keyOf = keyOf;
    }

    @Override
    public void intercept(Claim claim, Handler handler) throws Exception {
        String key = keyOf.apply(claim);
        if (key == null) {
            throw new PermanentFailure("the message has no idempotency key");
        }
        String holder = UUID.randomUUID().toString();
        if (claim.stopAsked()) {
            throw new InterruptedException("told to stop before it began");
        }
        switch (store.begin(key, claim.id(), holder)) {
            case DONE -> throw new AlreadyDone("idempotency key " + key + " is done");
            case BUSY -> throw RetryLater.untried(BUSY_PAUSE, "idempotency key " + key + " is in work elsewhere");
            case BEGUN -> work(claim, handler, key, holder);
        }
    }

    private void work(Claim claim, Handler handler, String key, String holder) throws Exception {
        try {
            handler.handle(claim);
        } catch (Throwable failure) {
            try {
                uninterrupted(() -> store.abandon(key, holder));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
        if (claim.stopAsked()) {
            uninterrupted(() -> store.abandon(key, holder)); // the worker does not believe this return
        } else {
            uninterrupted(() -> store.complete(key, holder));
        }
    }

    /** The interrupt was for the handler; on a virtual thread it would end the store's connection. */
    private static void uninterrupted(Runnable call) {
        boolean interrupted = Thread.interrupted();
        try {
            call.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
