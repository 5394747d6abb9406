package dev.claimant.benchmarks.harness;

/** One way to enqueue messages of 200 bytes, each call in a transaction of its own. Its calls come from many threads. */
public interface Enqueuer {

    /** As it stands in the report. */
    String name();

    /** Leaves the server as if it had just started, with an empty queue. */
    void reset();

    /** Returns when these are committed. */
    void enqueue(int messages) throws Exception;
}
