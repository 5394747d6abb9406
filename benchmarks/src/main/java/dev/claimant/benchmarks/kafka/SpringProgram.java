package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;

/** The listener container of spring-kafka, a thread for each partition, which handles records in its polling threads and commits a poll's at once. */
public final class SpringProgram implements Program {

    private static final int PARTITIONS = 6;

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        ContainerProperties properties = new ContainerProperties(target.topic());
        properties.setMessageListener((MessageListener<byte[], byte[]>) record -> Target.handle(duty, record));
        ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(
                        target.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                properties);
        container.setConcurrency(PARTITIONS);
        container.start();
        return container::stop;
    }
}
