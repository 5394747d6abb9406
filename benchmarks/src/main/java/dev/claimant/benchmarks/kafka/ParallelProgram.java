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

/**
 * Confluent's parallel consumer, a record for each call of the handler: as many at once as there are slots, in no order. It commits every five
 * seconds, and what is done out of order with it.
 */
public final class ParallelProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        Map<String, Object> settings = target.consumer();
        settings.put("group.protocol", "classic"); // it knows no other
        ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(ParallelConsumerOptions.<byte[], byte[]>builder()
                        .ordering(ProcessingOrder.UNORDERED)
                        .maxConcurrency(duty.slots())
                        .ignoreReflectiveAccessExceptionsForAutoCommitDisabledCheck(
                                true) // it looks for a field of earlier clients
                        .consumer(
                                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                        .build());
        processor.subscribe(List.of(target.topic()));
        processor.poll(context -> Target.handle(duty, context.getSingleConsumerRecord()));
        return processor::closeDrainFirst;
    }
}
