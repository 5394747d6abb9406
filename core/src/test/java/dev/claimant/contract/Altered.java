package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A claim with facts that are not so. */
final class Altered extends Claim {

    private final Claim real;
    private final @Nullable String unusable;

    private Altered(Claim real, Message message, int attempt, int delivery, int expiredLocks, long until, long fence) {
        super(message, attempt, delivery, expiredLocks, until, fence);
        this.real = real;
        this.unusable = real.unusable();
    }

    private Altered(Claim real, @Nullable String unusable) {
        super(
                real.message(),
                real.attempt(),
                real.delivery(),
                real.expiredLocks(),
                real.lockedUntilNanos(),
                fence(real));
        this.real = real;
        this.unusable = unusable;
    }

    @Override
    public @Nullable String unusable() {
        return unusable;
    }

    static Claim real(Claim claim) {
        return claim instanceof Altered altered ? real(altered.real) : claim;
    }

    static Claim body(Claim c, byte[] body) {
        Message m = c.message();
        return message(c, new Message(m.id(), m.idempotencyKey(), body, m.headers(), m.enqueuedAt(), m.orderingKey()));
    }

    static Claim headers(Claim c, Map<String, String> headers) {
        Message m = c.message();
        return message(c, new Message(m.id(), m.idempotencyKey(), m.body(), headers, m.enqueuedAt(), m.orderingKey()));
    }

    static Claim message(Claim c, Message message) {
        return new Altered(c, message, c.attempt(), c.delivery(), c.expiredLocks(), c.lockedUntilNanos(), fence(c));
    }

    static Claim attempt(Claim c, int attempt) {
        return new Altered(c, c.message(), attempt, c.delivery(), c.expiredLocks(), c.lockedUntilNanos(), fence(c));
    }

    static Claim delivery(Claim c, int delivery) {
        return new Altered(c, c.message(), c.attempt(), delivery, c.expiredLocks(), c.lockedUntilNanos(), fence(c));
    }

    static Claim expiredLocks(Claim c, int expiredLocks) {
        return new Altered(c, c.message(), c.attempt(), c.delivery(), expiredLocks, c.lockedUntilNanos(), fence(c));
    }

    static Claim lockedUntil(Claim c, long nanos) {
        return new Altered(c, c.message(), c.attempt(), c.delivery(), c.expiredLocks(), nanos, fence(c));
    }

    static Claim fence(Claim c, long fence) {
        return new Altered(c, c.message(), c.attempt(), c.delivery(), c.expiredLocks(), c.lockedUntilNanos(), fence);
    }

    static Claim unusable(Claim c, @Nullable String reason) {
        return new Altered(c, reason);
    }

    private static long fence(Claim claim) {
        return claim.fencingNumber().orElse(-1);
    }

    /** The same settlement of another claim. */
    static Settlement settlement(Settlement settlement, Claim claim) {
        if (settlement instanceof Complete s) {
            return new Complete(claim, s.repeated());
        } else if (settlement instanceof Retry s) {
            return new Retry(claim, s.delay(), s.reserved(), s.error(), s.repeated());
        } else if (settlement instanceof Release s) {
            return new Release(claim, s.repeated());
        } else if (settlement instanceof DeadLetter s) {
            return new DeadLetter(claim, s.reason(), s.error(), s.repeated());
        }
        throw new IllegalArgumentException(settlement.toString());
    }
}
