package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.Workload;
import java.util.List;
import java.util.Map;

/** One client at one type of queue; all of them work off the same messages in the same queue. */
record RabbitMqContender(
        String client, Class<? extends Program> program, List<String> libraries, Queues queues, Target target)
        implements Contender {

    @Override
    public String name() {
        return client + "/" + target.queueType();
    }

    @Override
    public Map<String, String> environment() {
        return target.environment();
    }

    @Override
    public int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> target.isQuorum() ? 400_000 : 300_000;
            case TEN_MILLIS -> 20_000;
            case LATENCY -> 150;
            case COLD, COLD_ARCHIVE, ENQUEUE, ENQUEUE_20, ENQUEUE_LIST -> 1;
        };
    }

    @Override
    public void fill(int messages) {
        queues.fill(target, messages);
    }

    @Override
    public void send(int number, Runnable committed) {
        queues.send(target, number);
        committed.run();
    }

    @Override
    public long left() {
        return queues.left(target);
    }
}
