package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies workers of what was enqueued some milliseconds ago and no commit has notified of, once for all messages of a queue: {@link
 * NotificationPace}. One thread for each data source that is enqueued into many times a second, as long as it is.
 */
final class NotifierThread {

    private static final Logger log = LoggerFactory.getLogger(NotifierThread.class);

    /** Half of what a message may wait for. */
    private static final long PAUSE_MICROS = 2_500;

    private static final int IDLE_PAUSES = 200;

    /** Also the lock of all that is in it. */
    private static final Map<DataSource, NotifierThread> RUNNING = new HashMap<>();

    private final DataSource dataSource;
    private final Set<NotificationPace> pending = new HashSet<>();

    private NotifierThread(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns at once. The message is committed: a process that ends before the thread has notified leaves it to be found by polling. */
    static void notifySoon(DataSource dataSource, NotificationPace pace) {
        pace.committed();
        synchronized (RUNNING) {
            NotifierThread running = RUNNING.get(dataSource);
            if (running == null) {
                running = new NotifierThread(dataSource);
                Thread thread = new Thread(running::run, "claimant-postgres-notify");
                thread.setDaemon(true);
                thread.start();
                RUNNING.put(dataSource, running);
            }
            running.pending.add(pace);
        }
    }

    private void run() {
        try {
            for (int idle = 0; idle < IDLE_PAUSES || !isOver(); idle++) {
                Set<String> overdue = new TreeSet<>();
                if (takeOverdue(overdue)) {
                    idle = 0;
                }
                if (!overdue.isEmpty()) {
                    notify(overdue);
                }
                TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
            }
        } catch (InterruptedException e) {
            log.debug("interrupted: workers find the messages by polling");
        } finally {
            synchronized (RUNNING) {
                RUNNING.remove(dataSource, this);
            }
        }
    }

    /** Adds the queues whose workers are to be notified now; returns whether any is or will be. */
    private boolean takeOverdue(Set<String> queues) {
        synchronized (RUNNING) {
            boolean any = !pending.isEmpty();
            pending.removeIf(pace -> {
                if (pace.takeOverdue()) {
                    queues.add(pace.queue);
                }
                return !pace.isPending();
            });
            return any;
        }
    }

    /** In one step with leaving the map: nobody adds to a thread that ends. */
    private boolean isOver() {
        synchronized (RUNNING) {
            return pending.isEmpty() && RUNNING.remove(dataSource, this);
        }
    }

    private void notify(Set<String> enqueuedInto) {
        try (Connection connection = dataSource.getConnection()) {
            Transactions.<Integer, RuntimeException>onItsOwn(connection, own -> {
                enqueuedInto.forEach(queue -> EnqueueNotifier.notify(own, queue));
                return enqueuedInto.size();
            });
        } catch (SQLException | RuntimeException e) {
            log.warn(
                    "cannot wake the workers of {}, which find the messages by polling: {}",
                    enqueuedInto,
                    e.toString());
        }
    }
}
