package dev.claimant.benchmarks.harness;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One client of a broker; all of them work off the same messages of the same queue.
 *
 * @param libraries how the names of its jars begin
 */
public record QueueContender(String name, Class<? extends Program> program, List<String> libraries, Queue queue)
        implements Contender {

    /** A queue of the broker under measurement. Used by one thread. */
    public interface Queue {

        /** How a program finds it. */
        Map<String, String> environment();

        /** How many messages keep a client busy for some seconds whose handlers do nothing. */
        int noopMessages();

        /** Makes the queue anew; it holds messages with the numbers from 0. */
        void fill(int messages);

        /** Sends one more. */
        void send(int number);

        /** How many it holds, claimed ones included. */
        long left();
    }

    private static final int TEN_MILLIS_MESSAGES = 20_000;
    private static final int ONE_SLOT_MESSAGES = 1_000;
    private static final int LATENCY_MESSAGES = 150;

    /** One that needs what all need, and libraries of its own. */
    public static QueueContender of(
            String name, Class<? extends Program> program, List<String> shared, List<String> own, Queue queue) {
        return new QueueContender(
                name, program, Stream.of(shared, own).flatMap(List::stream).toList(), queue);
    }

    @Override
    public Map<String, String> environment() {
        return queue.environment();
    }

    @Override
    public int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> queue.noopMessages();
            case TEN_MILLIS -> TEN_MILLIS_MESSAGES;
            case ONE_SLOT -> ONE_SLOT_MESSAGES;
            case LATENCY -> LATENCY_MESSAGES;
            case COLD, COLD_ARCHIVE, ENQUEUE, ENQUEUE_20, ENQUEUE_LIST -> 1;
        };
    }

    @Override
    public void fill(int messages) {
        queue.fill(messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        queue.send(number);
        committed.run();
    }

    @Override
    public long left() {
        return queue.left();
    }
}
