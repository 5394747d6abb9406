package dev.claimant.benchmarks.harness;

/** What a contender's process runs: takes messages from the queue that its environment names, and hands each to the duty. */
public interface Program {

    /**
     * Begins to work, on threads of its own.
     *
     * @return closed when all messages are handled: returns when all are completed, too
     */
    AutoCloseable start(Duty duty) throws Exception;
}
