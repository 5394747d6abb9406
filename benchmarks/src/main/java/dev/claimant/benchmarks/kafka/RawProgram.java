package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A loop written by hand: polls, handles what came, on as many threads as there are slots where a handler takes time, commits, and begins
 * again. Nobody retries, keeps order, marks what is done beyond a slow record, stops in order or reports.
 */
public final class RawProgram implements Program {

    private static final Duration POLL = Duration.ofMillis(100);

    private volatile boolean closing;

    @Override
    public AutoCloseable start(Duty duty) {
        ExecutorService handlers = duty.takesTime() ? Executors.newFixedThreadPool(duty.slots()) : null;
        Thread loop = new Thread(() -> loop(duty, handlers), "loop");
        loop.start();
        return () -> {
            closing = true;
            loop.join();
            if (handlers != null) {
                handlers.shutdown();
            }
        };
    }

    private void loop(Duty duty, @Nullable ExecutorService handlers) {
        Target target = Target.given();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(target.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(target.topic()));
            while (!closing) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    handle(records, duty, handlers);
                    consumer.commitSync();
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void handle(ConsumerRecords<byte[], byte[]> records, Duty duty, @Nullable ExecutorService handlers)
            throws Exception {
        List<Future<?>> running = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            int number = Target.number(record.value());
            if (handlers == null) {
                duty.handle(number);
            } else {
                running.add(handlers.submit(() -> {
                    duty.handle(number);
                    return null;
                }));
            }
        }
        for (Future<?> each : running) {
            each.get();
        }
    }
}
