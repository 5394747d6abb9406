package dev.claimant.kafka;

import dev.claimant.ConfigurationException;
import dev.claimant.DeadLetterStore;
import dev.claimant.SourceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * For operators: the messages of a worker's topics that were given up, with their reasons, and the way back. They stay until someone
 * removes them or the dead-letter topic's retention does.
 *
 * <p>A topic is read and not taken from. So what is redriven or purged gets a marker at the end of its partition of the dead-letter topic, a
 * record without a value, and is not listed any more; the disk has it until retention deletes it. Each call reads the topic from its first
 * record to its last. Needs READ and WRITE on the dead-letter topic, and WRITE on the topics for {@link #redrive}. Thread-safe; makes
 * connections for each call. Every method throws {@link SourceException} if the brokers cannot be reached or refuse.
 */
public final class DeadLetters implements DeadLetterStore {

    private final KafkaConfig config;
    private final String topic;

    /**
     * Those of a worker with these settings.
     *
     * @throws ConfigurationException if the settings say that none are kept
     */
    public DeadLetters(KafkaConfig config) {
        String dead = config.deadLetterTopic();
        if (dead == null) {
            throw new ConfigurationException(
                    List.of("deadLetterTopic: group '" + config.group() + "' keeps no dead letters"));
        }
        this.config = config;
        topic = dead;
    }

    /**
     * A message that was given up.
     *
     * @param id its place in the dead-letter topic, {@code partition@offset}, by which the other methods name it
     * @param originalId the id that its handler saw
     * @param idempotencyKey the key that it keeps when it is redriven
     * @param reason why it was given up, in a sentence
     * @param error the last failure with its stack, where there was one
     * @param attempts how often it was tried
     * @param topic where it was given up
     * @param key the record's key, to the byte
     * @param body the record's value; absent where the record had none
     * @param headers as the handler saw them
     * @param deadAt when it was given up
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record DeadLetter(
            String id,
            String originalId,
            String idempotencyKey,
            String reason,
            @Nullable String error,
            int attempts,
            String topic,
            byte @Nullable [] key,
            byte @Nullable [] body,
            Map<String, String> headers,
            Instant deadAt)
            implements Letter {

        @Override
        public Instant since() {
            return deadAt;
        }
    }

    /** Some of them; of each partition of the dead-letter topic the oldest first. */
    @Override
    public List<DeadLetter> list(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most: " + most + " is negative");
        }
        List<DeadLetter> found = new ArrayList<>();
        look("list", letter -> true, most, (log, letter) -> found.add(letter.describe()));
        return found;
    }

    /** The one with this id, if it is there. */
    @Override
    public Optional<DeadLetter> find(String id) {
        List<DeadLetter> found = new ArrayList<>();
        look("find", letter -> letter.id().equals(id), 1, (log, letter) -> found.add(letter.describe()));
        return found.stream().findFirst();
    }

    /**
     * Has these tried again from their first attempt, at the end of the partition that they come from, with the key, the headers and the
     * idempotency key that they had. Every group on the topic gets them. Each is safe there before it leaves the dead letters: a failure in
     * between leaves two, never none.
     *
     * @return how many were there
     */
    @Override
    public int redrive(List<String> ids) {
        Set<String> which = new HashSet<>(ids);
        return look("redrive", letter -> which.contains(letter.id()), Integer.MAX_VALUE, DeadLetterLog::redrive);
    }

    /** Has all of them tried again; see {@link #redrive}. Those that are given up anew meanwhile stay. */
    @Override
    public int redriveAll() {
        return look("redrive", letter -> true, Integer.MAX_VALUE, DeadLetterLog::redrive);
    }

    /**
     * Removes these from the list, for good.
     *
     * @return how many were there
     */
    @Override
    public int purge(List<String> ids) {
        Set<String> which = new HashSet<>(ids);
        return look("purge", letter -> which.contains(letter.id()), Integer.MAX_VALUE, DeadLetterLog::markRemoved);
    }

    private interface Work {
        void on(DeadLetterLog log, StoredLetter letter) throws InterruptedException;
    }

    private int look(String what, Predicate<StoredLetter> wanted, int most, Work work) {
        try (Connections connections = new Connections(config);
                DeadLetterLog log = new DeadLetterLog(config, topic, connections)) {
            int count = 0;
            for (StoredLetter letter = log.next(); letter != null && count < most; letter = log.next()) {
                if (wanted.test(letter)) {
                    work.on(log, letter);
                    count++;
                }
            }
            return count;
        } catch (InterruptedException e) {
            throw KafkaErrors.interrupted(what + " dead letters", config.group(), e);
        } catch (KafkaException e) {
            throw KafkaErrors.failed(what + " dead letters", config.group(), e);
        }
    }
}
