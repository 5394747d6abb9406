package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Link;
import org.jspecify.annotations.Nullable;

/**
 * Ends links that Service Bus ends by itself: those to an entity for which the connection has no valid token any more, as the AMQP protocol guide
 * says of expired ones, and, where a test asks for it, those that nobody has used for a while, as Service Bus does after ten minutes. Only the
 * reactor's thread uses it.
 */
final class LinkEnds {

    /** Tokens have seconds. */
    private static final long LOOK_MILLIS = 100;

    private static final class Watched {
        final ClientConnection client;
        final String entity;
        final List<Right> rights;
        long usedAt;

        Watched(ClientConnection client, String entity, List<Right> rights, long usedAt) {
            this.client = client;
            this.entity = entity;
            this.rights = rights;
            this.usedAt = usedAt;
        }
    }

    private final ServerClock clock;
    private final IdentityHashMap<Link, Watched> links = new IdentityHashMap<>();
    private @Nullable Duration longestIdle;
    private long lookedAt;

    LinkEnds(ServerClock clock) {
        this.clock = clock;
    }

    /** @param time absent: links may be idle for ever */
    void detachIdle(@Nullable Duration time) {
        longestIdle = time;
    }

    /** @param rights one of which the connection needs for the link */
    void opened(ClientConnection client, Link link, String entity, Right... rights) {
        links.put(link, new Watched(client, entity, List.of(rights), clock.millis()));
    }

    void used(Link link) {
        Watched watched = links.get(link);
        if (watched != null) {
            watched.usedAt = clock.millis();
        }
    }

    void gone(Link link) {
        links.remove(link);
    }

    void gone(Connection connection) {
        links.keySet().removeIf(link -> link.getSession().getConnection() == connection);
    }

    void look() {
        long now = clock.millis();
        if (Math.abs(now - lookedAt) < LOOK_MILLIS) {
            return;
        }
        lookedAt = now;
        for (Map.Entry<Link, Watched> entry : List.copyOf(links.entrySet())) {
            Watched watched = entry.getValue();
            if (longestIdle != null && now - watched.usedAt >= longestIdle.toMillis()) {
                end(
                        entry.getKey(),
                        "amqp:link:detach-forced",
                        "The link is force detached by the broker because it was idle for " + longestIdle + ".");
            } else if (watched.rights.stream().noneMatch(right -> watched.client.may(watched.entity, right))) {
                end(entry.getKey(), AmqpError.UNAUTHORIZED, "ExpiredToken: The token is expired.");
            }
        }
    }

    private void end(Link link, String condition, String description) {
        links.remove(link);
        if (link.getLocalState() == EndpointState.ACTIVE) {
            link.setCondition(new AmqpError(condition, description).errorCondition());
            link.close();
        }
    }
}
