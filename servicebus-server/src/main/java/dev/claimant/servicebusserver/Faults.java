package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong on purpose. An operation is one of the management node ({@code renew-lock}, {@code peek-message}, …), a settlement
 * ({@code complete}, {@code abandon}, {@code defer}, {@code dead-letter}, {@code release}), {@code send}, {@code attach} or
 * {@code put-token}. Thread-safe.
 */
public final class Faults {

    /** How an operation goes wrong. */
    sealed interface Fault {
        /** It is refused. */
        record Fail(String condition) implements Fault {}

        /** It is done, and answered after this long. */
        record Delay(Duration time) implements Fault {}

        /** It is not answered. */
        record Silence(boolean isDone) implements Fault {}
    }

    private static final class Planned {
        final Fault fault;
        int times;

        Planned(Fault fault, int times) {
            this.fault = fault;
            this.times = times;
        }
    }

    private final Map<String, ArrayDeque<Planned>> planned = new HashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();

    Faults() {}

    /** The next operations of this name fail with an AMQP condition, such as {@code com.microsoft:server-busy}. */
    public void fail(String operation, int times, String condition) {
        add(operation, times, new Fault.Fail(condition));
    }

    /** The next operations of this name are answered late. */
    public void delay(String operation, int times, Duration time) {
        add(operation, times, new Fault.Delay(time));
    }

    /** The next operations of this name are neither done nor answered. */
    public void ignore(String operation, int times) {
        add(operation, times, new Fault.Silence(false));
    }

    /** The next operations of this name are done and not answered. */
    public void loseAnswers(String operation, int times) {
        add(operation, times, new Fault.Silence(true));
    }

    /** Nothing that was planned happens any more. */
    public synchronized void clear() {
        planned.clear();
    }

    /** How often clients have asked for this operation. */
    public synchronized int seen(String operation) {
        return seen.getOrDefault(operation, 0);
    }

    private synchronized void add(String operation, int times, Fault fault) {
        planned.computeIfAbsent(operation.toLowerCase(Locale.ROOT), name -> new ArrayDeque<>())
                .add(new Planned(fault, times));
    }

    synchronized @Nullable Fault next(String operation) {
        seen.merge(operation, 1, Integer::sum);
        ArrayDeque<Planned> next = planned.get(operation);
        if (next == null || next.isEmpty()) {
            return null;
        }
        Planned first = next.getFirst();
        if (--first.times <= 0) {
            next.removeFirst();
        }
        return first.fault;
    }
}
