package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Confluent's parallel-consumer, one record at a time, without order. It knows the classic protocol only. */
public final class ParallelProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        Map<String, Object> settings = target.consumer();
        settings.remove("group.protocol");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .consumer(consumer)
                        // it looks for the setting by reflection, where clients of this version do not have it
                        .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(true)
                        .ordering(ProcessingOrder.UNORDERED)
                        .maxConcurrency(duty.slots())
                        .build());
        processor.subscribe(List.of(target.topic()));
        processor.poll(context -> handle(duty, context.value()));
        return processor::closeDrainFirst;
    }

    private static void handle(Duty duty, byte[] value) {
        try {
            duty.handle(Target.number(value));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
