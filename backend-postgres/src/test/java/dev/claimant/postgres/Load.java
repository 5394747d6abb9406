package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.SourceException;
import dev.claimant.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** Two workers on a queue into which somebody keeps putting messages, and the books of it. */
final class Load implements AutoCloseable {

    private static final int SLOTS = 8;
    private static final Duration LOCK = Duration.ofSeconds(10);

    /** Core pauses up to 10 s between claims that fail, so a longer outage is noticed to be over only then. */
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    /** By both workers together: in a handler, or handled and not yet completed. */
    private static final int HELD_AT_MOST = 2 * 4 * SLOTS;

    private final String queue = "load-" + UUID.randomUUID();
    private final Map<String, Integer> handled = new ConcurrentHashMap<>();
    private final Queue<String> sent = new ConcurrentLinkedQueue<>();
    private final List<PostgresSource> sources;
    private final List<Worker> workers;
    private final Thread sender;
    private final Semaphore turn = new Semaphore(1);
    private volatile boolean enough;

    /** What the workers and the sender made of it: messages that were surely put in and not handled, and those handled more than once. */
    private record Balance(int sent, int handled, Set<String> lost, Set<String> doubled) {
        @Override
        public String toString() {
            return sent + " put in, " + handled + " handled, lost " + lost.size() + ", doubled " + doubled.size();
        }
    }

    Load(DataSource forWorkers, DataSource forSender) {
        PostgresConfig config = PostgresConfig.queue(queue)
                .lockLength(LOCK)
                .statementTimeout(Duration.ofSeconds(3))
                .build();
        sources = List.of(PostgresSource.of(forWorkers, config), PostgresSource.of(forWorkers, config));
        workers = sources.stream()
                .map(source -> Worker.builder(source)
                        .slots(SLOTS)
                        .handler(claim -> {
                            Thread.sleep(5);
                            handled.merge(claim.text(), 1, Integer::sum);
                        })
                        .build())
                .toList();
        sender = new Thread(() -> send(new PostgresQueue(forSender, queue)), "sender");
        workers.forEach(Worker::start);
        sender.start();
    }

    private void send(PostgresQueue to) {
        for (int i = 0; !enough; i++) {
            turn.acquireUninterruptibly();
            try {
                to.enqueue("message " + i);
                sent.add("message " + i);
            } catch (SourceException e) {
                // In or not in: nobody knows.
                LockSupport.parkNanos(20_000_000);
            } finally {
                turn.release();
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Puts nothing in for a while, and waits until all that is there is handled. */
    void pause() {
        turn.acquireUninterruptibly();
        awaitAllHandled();
    }

    void resume() {
        turn.release();
    }

    private int handled() {
        return handled.size();
    }

    void awaitHandled(int messages) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> handled() >= messages);
    }

    /** That work goes on soon after this is over, that nothing which was put in is lost, and nothing done twice but what was held then. */
    void assertSurvived(String disaster, int more) {
        long over = System.nanoTime();
        awaitHandled(handled() + 1);
        Duration recovery = Duration.ofNanos(System.nanoTime() - over);
        awaitHandled(handled() + more);
        Balance balance = settle();
        System.out.printf(
                "%s: next message handled %d ms after it was over; %s%n", disaster, recovery.toMillis(), balance);
        assertThat(balance.lost()).isEmpty();
        assertThat(balance.doubled()).hasSizeLessThanOrEqualTo(HELD_AT_MOST);
        assertThat(recovery).isLessThan(RECOVERY);
    }

    /** No more is put in; waits until all that was is handled, what was claimed without an answer included. */
    private Balance settle() {
        enough = true;
        try {
            sender.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        awaitAllHandled();
        return new Balance(
                sent.size(),
                handled.size(),
                sent.stream().filter(message -> !handled.containsKey(message)).collect(Collectors.toSet()),
                handled.entrySet().stream()
                        .filter(message -> message.getValue() > 1)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    private void awaitAllHandled() {
        Awaitility.await("all that was put in")
                .atMost(LOCK.plusSeconds(30))
                .until(() -> handled.keySet().containsAll(sent));
    }

    @Override
    public void close() {
        enough = true;
        workers.forEach(Worker::drain);
        workers.forEach(Worker::close);
        sources.forEach(PostgresSource::close);
    }
}
