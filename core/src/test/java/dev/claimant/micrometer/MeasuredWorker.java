package dev.claimant.micrometer;

import dev.claimant.Gate;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.RetryPolicy;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A real worker that is measured, on a queue in memory. */
abstract class MeasuredWorker {

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final WorkerMetrics metrics = new WorkerMetrics(registry, "emails");
    final InMemoryQueue queue = new InMemoryQueue();
    final InMemorySource source = new InMemorySource(queue);

    WorkerBuilder worker(Handler handler) {
        return worker(source, handler);
    }

    WorkerBuilder worker(InMemorySource source, Handler handler) {
        return Worker.builder(source)
                .handler(handler)
                .retry(RetryPolicy.immediate())
                .listener(metrics);
    }

    static void runUntil(Gate gate, WorkerBuilder builder) throws InterruptedException {
        try (Worker worker = builder.build()) {
            worker.start();
            gate.await();
        }
    }

    void send(String... ids) {
        for (String id : ids) {
            queue.send(Message.of(id, ""));
        }
    }

    /** Returns as if nothing had happened. */
    static void awaitInterrupt() {
        try {
            new Gate().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
