package dev.claimant.sqs;

import dev.claimant.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The claims of this worker by message. A newer claim of a message makes the older one lost. Thread-safe. */
final class Holding {

    private final ConcurrentMap<String, SqsClaim> claims = new ConcurrentHashMap<>();

    /** Holds a new claim; returns the older one of the same message, which is lost, or nothing. */
    List<Claim> add(SqsClaim claim) {
        SqsClaim older = claims.put(claim.id(), claim);
        if (older == null || older.settled() != null) {
            return List.of();
        }
        older.lose();
        return List.of(older);
    }

    void remove(SqsClaim claim) {
        claims.remove(claim.id(), claim);
    }

    boolean holds(SqsClaim claim, long now) {
        return claims.get(claim.id()) == claim && claim.isHeld(now);
    }

    /** What was claimed before this moment and is still held; what is over by our clock is forgotten. */
    List<SqsClaim> claimedBefore(long nanos, long now) {
        List<SqsClaim> old = new ArrayList<>();
        for (SqsClaim claim : claims.values()) {
            if (!claim.isHeld(now)) {
                remove(claim);
            } else if (claim.receivedAt() - nanos < 0) {
                old.add(claim);
            }
        }
        return old;
    }
}
