package dev.claimant.benchmarks.harness;

import java.util.Arrays;
import java.util.Locale;

/** What is measured, one after the other. */
public enum Workload {
    /** A full queue, handlers that do nothing. */
    NOOP("noop", 20, 0),
    /** A full queue, handlers of 10 ms, 50 at once. */
    TEN_MILLIS("10ms", 50, 10),
    /** A full queue, handlers of 10 ms one after the other: what is missing to 100 a second, the slot has waited. Only where it is asked for. */
    ONE_SLOT("one-slot", 1, 10),
    /** An idle worker, 50 messages a second: from the commit to the handler. */
    LATENCY("latency", 10, 0),
    /** From the start of the process to the handler of the one message that waits. */
    COLD("cold", 10, 0),
    /** The same with an archive of the JVM's class data, written by a run before. */
    COLD_ARCHIVE("cold-archive", 10, 0),
    /** One thread that enqueues one message at a time. */
    ENQUEUE("enqueue", 1, 0),
    /** Twenty threads that do. */
    ENQUEUE_20("enqueue-20", 20, 0),
    /** One thread that enqueues a thousand in each call. */
    ENQUEUE_LIST("enqueue-list", 1, 0);

    /** As it is asked for and reported. */
    public final String label;

    /** How many handlers may run, or threads enqueue, at once. */
    public final int slots;

    final int handlerMillis;

    Workload(String label, int slots, int handlerMillis) {
        this.label = label;
        this.slots = slots;
        this.handlerMillis = handlerMillis;
    }

    boolean isCold() {
        return this == COLD || this == COLD_ARCHIVE;
    }

    boolean isThroughput() {
        return this == NOOP || this == TEN_MILLIS || this == ONE_SLOT || enqueues();
    }

    boolean enqueues() {
        return this == ENQUEUE || this == ENQUEUE_20 || this == ENQUEUE_LIST;
    }

    int messagesPerCall() {
        return this == ENQUEUE_LIST ? 1000 : 1;
    }

    static Workload of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--workloads: '" + label + "' is none of "
                        + String.join(", ", labels()).toLowerCase(Locale.ROOT)));
    }

    private static String[] labels() {
        return Arrays.stream(values()).map(workload -> workload.label).toArray(String[]::new);
    }
}
