package dev.claimant.spring;

import dev.claimant.Message;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Source;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The queues that {@link InMemoryClaimant} puts in the place of all sources, one for each worker. Thread-safe. */
public final class InMemoryQueues {

    private final Map<String, InMemoryQueue> queues = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    InMemoryQueues() {}

    /** The queue of the worker with this name: to send messages with headers, to see dead letters and the backlog. */
    public InMemoryQueue queue(String worker) {
        return queues.computeIfAbsent(worker, name -> new InMemoryQueue());
    }

    /** Sends a text to the worker with this name, and returns the message's id. */
    public String send(String worker, String text) {
        String id = Long.toString(ids.incrementAndGet());
        queue(worker).send(Message.of(id, text));
        return id;
    }

    Source source(String worker) {
        return new InMemorySource(queue(worker));
    }
}
