package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.Claim;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The claims of this worker by message. A newer claim of a message makes the older one lost. Thread-safe. */
final class Holding {

    private final ConcurrentMap<String, ServiceBusClaim> claims = new ConcurrentHashMap<>();

    /** Holds a new claim; returns the older one of the same message, which is lost, or nothing. */
    List<Claim> add(ServiceBusClaim claim) {
        ServiceBusClaim older = claims.put(claim.id(), claim);
        if (older == null || older.settled() != null) {
            return List.of();
        }
        older.lose();
        older.ended();
        return List.of(older);
    }

    /** It is settled or lost, and says so. */
    void remove(ServiceBusClaim claim) {
        claims.remove(claim.id(), claim);
        claim.ended();
    }

    boolean holds(ServiceBusClaim claim) {
        return claims.get(claim.id()) == claim && !claim.isLost() && claim.settled() == null;
    }

    /** Whether this worker has the message. */
    boolean has(String id) {
        return claims.containsKey(id);
    }

    /** Whether a claim that came by this client is still held. */
    boolean needs(ServiceBusReceiverAsyncClient client) {
        return claims.values().stream().anyMatch(claim -> claim.link() == client);
    }
}
