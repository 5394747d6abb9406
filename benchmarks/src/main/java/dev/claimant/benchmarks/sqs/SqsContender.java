package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.Workload;
import java.util.List;
import java.util.Map;

/** One client; all of them work off the same messages. */
record SqsContender(String name, Class<? extends Program> program, List<String> libraries, Queues queues)
        implements Contender {

    @Override
    public Map<String, String> environment() {
        return queues.target().environment();
    }

    @Override
    public int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> 40_000;
            case TEN_MILLIS -> 20_000;
            case LATENCY -> 150;
            case COLD, COLD_ARCHIVE, ENQUEUE, ENQUEUE_20, ENQUEUE_LIST -> 1;
        };
    }

    @Override
    public void fill(int messages) {
        queues.fill(messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        queues.send(number);
        committed.run();
    }

    @Override
    public long left() {
        return queues.left();
    }
}
