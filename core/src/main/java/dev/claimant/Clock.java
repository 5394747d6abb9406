package dev.claimant;

/** The engine's only notion of time: monotonic nanoseconds, as {@link System#nanoTime()} counts them. */
@FunctionalInterface
interface Clock {

    Clock SYSTEM = System::nanoTime;

    long nanos();
}
