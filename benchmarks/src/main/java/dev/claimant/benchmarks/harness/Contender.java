package dev.claimant.benchmarks.harness;

import java.util.List;
import java.util.Map;

/**
 * One way to work a queue off, as the harness sees it: what runs in a process of its own, and how messages come into its queue. Every
 * message is 200 bytes and carries its number. Used by one thread.
 */
public interface Contender {

    /** As it stands in the report. */
    String name();

    /** What the process runs; needs a constructor without parameters. */
    Class<? extends Program> program();

    /** How the names of the jars begin which the process needs beside the harness's own: its class path holds nothing else. */
    List<String> libraries();

    /** How the process finds its queue. */
    Map<String, String> environment();

    /** How many messages keep it busy for some seconds. */
    int messages(Workload workload);

    /** Makes a new queue that holds messages with the numbers from 0, and leaves the server as if it had just started. */
    void fill(int messages);

    /** Puts in one more, and says so in the moment in which it is committed. */
    void send(int number, Runnable committed);

    /** How many are not completed. */
    long left();
}
