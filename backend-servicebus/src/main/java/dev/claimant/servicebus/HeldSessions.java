package dev.claimant.servicebus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The sessions that this worker has locked: which wait for a message, which are free for one, and whose time is over. */
final class HeldSessions {

    /** How long a session that has brought a message is preferred to another: its next message needs a round trip. */
    private static final long GRACE_NANOS = Duration.ofMillis(50).toNanos();

    private final long stayNanos;
    private final Consumer<HeldSession> close;
    private final List<HeldSession> sessions = new ArrayList<>();

    HeldSessions(Duration lockLength, Consumer<HeldSession> close) {
        stayNanos = HeldSession.longestStay(lockLength).toNanos();
        this.close = close;
    }

    void add(HeldSession session) {
        sessions.add(session);
    }

    boolean contains(HeldSession session) {
        return sessions.contains(session);
    }

    List<HeldSession> all() {
        return List.copyOf(sessions);
    }

    private List<HeldSession> those(Predicate<HeldSession> wanted) {
        return sessions.stream().filter(wanted).toList();
    }

    int waiting() {
        return those(HeldSession::isWaiting).size();
    }

    int waitingWithinGrace(long now) {
        return those(session -> session.isWaiting() && session.idleNanos(now) < GRACE_NANOS)
                .size();
    }

    /** Those that have no message and have not asked for one. */
    List<HeldSession> free() {
        return those(session -> !session.isWaiting() && !session.isBusy());
    }

    @Nullable HeldSession longestWaiting(long now) {
        return those(HeldSession::isWaiting).stream()
                .max(Comparator.comparingLong(session -> session.idleNanos(now)))
                .orElse(null);
    }

    /** The one whose place another may have, if there is one. */
    @Nullable HeldSession longestWaitingBeyondGrace(long now) {
        HeldSession longest = longestWaiting(now);
        return longest == null || longest.idleNanos(now) < GRACE_NANOS ? null : longest;
    }

    /** Until the end of a session's grace, or of its time. */
    long nanosToNextStep(long now) {
        return sessions.stream()
                .filter(session -> !session.isBusy())
                .mapToLong(session -> session.isWaiting() && session.idleNanos(now) < GRACE_NANOS
                        ? GRACE_NANOS - session.idleNanos(now)
                        : Math.max(1, stayNanos - session.heldNanos(now)))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void letGoOfThoseWhoseTimeIsOver(long now) {
        those(held -> held.heldNanos(now) >= stayNanos).forEach(this::end);
    }

    void endAll() {
        all().forEach(this::end);
    }

    /** Lets it go, or has it bring no more messages after the one that it has. */
    private void end(HeldSession session) {
        session.isEnding = true;
        if (!session.isBusy()) {
            letGo(session);
        }
    }

    void letGo(@Nullable HeldSession session) {
        if (session != null && sessions.remove(session)) {
            close.accept(session);
        }
    }
}
