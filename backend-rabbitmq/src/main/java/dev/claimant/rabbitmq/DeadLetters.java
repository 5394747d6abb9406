package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.ConfigurationException;
import dev.claimant.DeadLetterStore;
import dev.claimant.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue that were given up: to be looked at, tried again, removed. They stay until someone removes them. Needs the right
 * to read the dead-letter queue, and to write to the default exchange for {@link #redrive}.
 *
 * <p>RabbitMQ cannot look without taking: each call takes the messages one after the other, and gives back what it leaves. Meanwhile another
 * call does not see them. Thread-safe; makes a connection for each call. Every method throws {@link SourceException} if the broker cannot be
 * reached or refuses.
 */
public final class DeadLetters implements DeadLetterStore {

    private final RabbitMqConfig config;
    private final String queue;

    /**
     * A message that was given up.
     *
     * @param id the message's id, by which the other methods name it; of one that the broker itself gave up and that has none, made of its
     *     body
     * @param idempotencyKey the property message-id; absent where the message has none
     * @param reason why it was given up, in a sentence
     * @param error the last failure with its stack, where there was one
     * @param attempts how often it was tried; 0 where the broker gave it up
     * @param enqueuedAt the property timestamp, which the sender sets
     * @param deadAt when it was given up
     * @param exchange the exchange that it was sent to
     * @param routingKey the routing key that it was sent with
     * @param properties as it was sent with them
     * @param headers those of them that are texts, numbers, truth values and times
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record DeadLetter(
            String id,
            @Nullable String idempotencyKey,
            String reason,
            @Nullable String error,
            int attempts,
            @Nullable Instant enqueuedAt,
            @Nullable Instant deadAt,
            String exchange,
            String routingKey,
            BasicProperties properties,
            Map<String, String> headers,
            byte[] body)
            implements Letter {

        @Override
        public @Nullable Instant since() {
            return deadAt;
        }
    }

    /**
     * Those of a queue.
     *
     * @throws ConfigurationException if the settings say that none are kept
     */
    public DeadLetters(RabbitMqConfig config) {
        String dead = config.deadLetterQueue;
        if (dead == null) {
            throw new ConfigurationException(List.of("deadLetterQueue: " + config.queue + " keeps no dead letters"));
        }
        this.config = config;
        queue = dead;
    }

    /** The first ones, the oldest first. */
    @Override
    public List<DeadLetter> list(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most: " + most + " is negative");
        }
        List<DeadLetter> found = new ArrayList<>();
        run("list", (connection, channel) -> {
            DeadQueue dead = new DeadQueue(channel, queue);
            for (DeadQueue.Taken next = dead.next(most); next != null; next = dead.next(most)) {
                found.add(next.letter());
            }
            dead.giveBack();
            return found.size();
        });
        return found;
    }

    /** The first one with this id, if it is there. */
    @Override
    public Optional<DeadLetter> find(String id) {
        List<DeadLetter> found = new ArrayList<>();
        run("find", (connection, channel) -> {
            DeadQueue dead = new DeadQueue(channel, queue);
            DeadQueue.Taken next = dead.next(Long.MAX_VALUE);
            while (next != null && !next.letter().id().equals(id)) {
                next = dead.next(Long.MAX_VALUE);
            }
            if (next != null) {
                found.add(next.letter());
            }
            dead.giveBack();
            return found.size();
        });
        return found.stream().findFirst();
    }

    /**
     * Has these tried again from their first attempt, at the end of the queue, with the ids and idempotency keys that they had. Each is safe
     * in the queue before it leaves the dead letters: a failure in between leaves two, never none.
     *
     * @return how many were there
     */
    @Override
    public int redrive(List<String> ids) {
        Set<String> which = new HashSet<>(ids);
        return redriveThose(letter -> which.contains(letter.id()));
    }

    /** Has all of them tried again; see {@link #redrive}. One that dies anew meanwhile stays. */
    @Override
    public int redriveAll() {
        return redriveThose(letter -> true);
    }

    private int redriveThose(Predicate<DeadLetter> wanted) {
        return run("redrive", (connection, channel) -> {
            DeadQueue dead = new DeadQueue(channel, queue);
            try (Redrive redrive = new Redrive(connection, config, dead)) {
                for (DeadQueue.Taken next = dead.next(Long.MAX_VALUE); next != null; next = dead.next(Long.MAX_VALUE)) {
                    if (wanted.test(next.letter())) {
                        redrive.send(next);
                    }
                }
                redrive.finish();
                return redrive.count();
            } finally {
                dead.giveBack();
            }
        });
    }

    /**
     * Removes these for good.
     *
     * @return how many were there
     */
    @Override
    public int purge(List<String> ids) {
        Set<String> which = new HashSet<>(ids);
        return purgeThose(letter -> which.contains(letter.id()));
    }

    /** Removes those for good that were given up at least this long ago, zero for all. One whose time is unknown goes with all only. */
    public int purgeOlderThan(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("age: " + age + " is negative");
        }
        Instant until = Instant.now().minus(age);
        return purgeThose(letter -> {
            Instant deadAt = letter.deadAt();
            return age.isZero() || (deadAt != null && !deadAt.isAfter(until));
        });
    }

    private int purgeThose(Predicate<DeadLetter> unwanted) {
        return run("purge", (connection, channel) -> {
            DeadQueue dead = new DeadQueue(channel, queue);
            List<DeadQueue.Taken> batch = new ArrayList<>();
            int purged = 0;
            for (DeadQueue.Taken next = dead.next(Long.MAX_VALUE); next != null; next = dead.next(Long.MAX_VALUE)) {
                if (unwanted.test(next.letter())) {
                    batch.add(next);
                    purged++;
                }
                if (batch.size() == DeadQueue.BATCH) {
                    dead.remove(batch);
                    batch.clear();
                }
            }
            dead.remove(batch);
            dead.giveBack();
            return purged;
        });
    }

    private interface Work {
        int on(Connection connection, Channel channel) throws IOException, TimeoutException, InterruptedException;
    }

    private int run(String what, Work work) {
        Connection connection = Connections.unlimited(config).open("dead letters");
        try {
            return work.on(connection, Connections.channel(connection));
        } catch (InterruptedException e) {
            throw RabbitMqErrors.interrupted(what + " dead letters of", config.queue, e);
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            throw RabbitMqErrors.failed(what + " dead letters of", config.queue, e);
        } finally {
            Connections.close(connection);
        }
    }
}
