package dev.claimant.sample.hello;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Asks for greetings: records without a key, so that they spread over all partitions, each confirmed by the brokers. */
public final class HelloRecords {

    private static final long CONFIRM_SECONDS = 30;

    private HelloRecords() {}

    /**
     * Sends {@code Hello 1}, {@code Hello 2} and so on, and returns when the brokers have them all.
     *
     * @throws IOException if the brokers cannot be reached, the topic is missing or a record is not confirmed; some may have been sent
     */
    public static void send(Map<String, String> clients, String topic, int messages, int seconds) throws IOException {
        send(
                clients,
                topic,
                partitions -> IntStream.rangeClosed(1, messages)
                        .mapToObj(i -> {
                            ProducerRecord<byte[], byte[]> record =
                                    new ProducerRecord<>(topic, i % partitions, null, bytes("Hello " + i));
                            record.headers().add(HelloSender.SECONDS, bytes(Integer.toString(seconds)));
                            return record;
                        })
                        .toList());
    }

    private static void send(
            Map<String, String> clients, String topic, IntFunction<List<ProducerRecord<byte[], byte[]>>> records)
            throws IOException {
        List<Future<?>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(Map.copyOf(clients), new ByteArraySerializer(), new ByteArraySerializer())) {
            int partitions = producer.partitionsFor(topic).size();
            for (ProducerRecord<byte[], byte[]> record : records.apply(partitions)) {
                sent.add(producer.send(record));
            }
            for (Future<?> confirmed : sent) {
                confirmed.get(CONFIRM_SECONDS, TimeUnit.SECONDS);
            }
        } catch (org.apache.kafka.common.KafkaException | ExecutionException | TimeoutException e) {
            throw new IOException("cannot send to topic '" + topic + "': " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Sends one with a key, which says its partition.
     *
     * @param headers any text goes through, also what no handler understands
     */
    public static void send(
            Map<String, String> clients, String topic, String key, String body, Map<String, String> headers)
            throws IOException {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key), bytes(body));
        headers.forEach((name, value) -> record.headers().add(name, bytes(value)));
        send(clients, topic, partitions -> List.of(record));
    }

    /** Creates those that are missing; what the brokers say of replicas holds. */
    public static void createTopics(Map<String, String> clients, Map<String, Integer> partitions) throws IOException {
        try (Admin admin = Admin.create(Map.copyOf(clients))) {
            for (Map.Entry<String, Integer> topic : partitions.entrySet()) {
                create(admin, new NewTopic(topic.getKey(), Optional.of(topic.getValue()), Optional.empty()));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("cannot create topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void create(Admin admin, NewTopic topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            admin.createTopics(List.of(topic)).all().get(CONFIRM_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
