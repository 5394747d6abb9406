package dev.claimant.benchmarks;

import dev.claimant.Message;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToLongFunction;

/** Lets a worker work off a queue in this process once. {@link EnginePairs} loads it anew for each core that it compares. */
public final class EngineRun implements ToLongFunction<int[]> {

    /** Slots, how many to claim ahead (negative for the default), messages; returns nanoseconds from the start to the last verdict. */
    @Override
    public long applyAsLong(int[] slotsAheadMessages) {
        int messages = slotsAheadMessages[2];
        InMemoryQueue queue = new InMemoryQueue();
        byte[] body = new byte[200];
        for (int i = 0; i < messages; i++) {
            queue.send(new Message("m" + i, "m" + i, body, Map.of(), null, null));
        }
        CountDownLatch handled = new CountDownLatch(messages);
        WorkerBuilder builder = Worker.builder(new InMemorySource(queue)).slots(slotsAheadMessages[0]);
        if (slotsAheadMessages[1] >= 0) {
            builder.prefetch(slotsAheadMessages[1]);
        }
        long nanos = workOff(builder.handler(claim -> handled.countDown()).build(), handled);
        if (queue.backlog().scaler() != 0) {
            throw new IllegalStateException("left behind: " + queue.backlog());
        }
        return nanos;
    }

    private static long workOff(Worker worker, CountDownLatch handled) {
        try (worker) {
            long start = System.nanoTime();
            worker.start();
            handled.await();
            worker.drain();
            return System.nanoTime() - start;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
