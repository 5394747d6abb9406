package dev.claimant.benchmarks;

import dev.claimant.Message;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the engine itself costs: a worker that does nothing, on a queue in this process, from the first claim to the last verdict. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 5, batchSize = 1)
@Measurement(iterations = 5, batchSize = 1)
@SuppressWarnings("NullAway.Init") // by fill, before each run
public class EngineBenchmark {

    private static final int MESSAGES = 500_000;

    /** How many handlers at once. */
    @Param({"2", "16"})
    public int slots;

    /** How many messages to claim ahead; negative for the default. */
    @Param({"-1", "1000"})
    public int prefetch;

    private InMemoryQueue queue;
    private Worker worker;
    private CountDownLatch handled;

    /** Fills the queue, which is not measured. */
    @Setup(Level.Invocation)
    public void fill() {
        queue = new InMemoryQueue();
        byte[] body = new byte[200];
        for (int i = 0; i < MESSAGES; i++) {
            String id = "m" + i;
            queue.send(new Message(id, id, body, Map.of(), null, null));
        }
        handled = new CountDownLatch(MESSAGES);
        WorkerBuilder builder = Worker.builder(new InMemorySource(queue)).slots(slots);
        if (prefetch >= 0) {
            builder.prefetch(prefetch);
        }
        worker = builder.handler(claim -> handled.countDown()).build();
    }

    /** Works the queue off and drains, so that every completion has its verdict. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public boolean workOff() throws InterruptedException {
        worker.start();
        handled.await();
        return worker.drain();
    }

    /** A run that left something behind has measured nothing. */
    @TearDown(Level.Invocation)
    public void check() {
        worker.close();
        if (queue.backlog().scaler() != 0) {
            throw new IllegalStateException("left behind: " + queue.backlog());
        }
    }
}
