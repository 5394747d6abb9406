package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies workers of what was enqueued in the last milliseconds, once for all messages of a queue: a call that enqueues would spend as long
 * on a notification of its own as on the message. One thread for each data source that is enqueued into many times a second, as long as it is.
 */
final class NotifierThread {

    private static final Logger log = LoggerFactory.getLogger(NotifierThread.class);

    private static final long PAUSE_MILLIS = 5;
    private static final int IDLE_PAUSES = 100;

    /** Also the lock of all that is in it. */
    private static final Map<DataSource, NotifierThread> RUNNING = new HashMap<>();

    private final DataSource dataSource;
    private Set<String> queues = new HashSet<>();

    private NotifierThread(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns at once. The message is committed: a process that ends before the thread has notified leaves it to be found by polling. */
    static void notifySoon(DataSource dataSource, String queue) {
        synchronized (RUNNING) {
            NotifierThread running = RUNNING.get(dataSource);
            if (running == null) {
                running = new NotifierThread(dataSource);
                RUNNING.put(dataSource, running);
                Thread thread = new Thread(running::run, "claimant-postgres-notify");
                thread.setDaemon(true);
                thread.start();
            }
            running.queues.add(queue);
        }
    }

    private void run() {
        try {
            for (int idle = 0; idle < IDLE_PAUSES || !isOver(); idle++) {
                Set<String> enqueuedInto = taken();
                if (!enqueuedInto.isEmpty()) {
                    idle = 0;
                    notify(enqueuedInto);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            log.debug("interrupted: workers find the messages by polling");
        } finally {
            synchronized (RUNNING) {
                RUNNING.remove(dataSource, this);
            }
        }
    }

    private Set<String> taken() {
        synchronized (RUNNING) {
            Set<String> taken = queues;
            queues = new HashSet<>();
            return taken;
        }
    }

    /** In one step with leaving the map: nobody adds to a thread that ends. */
    private boolean isOver() {
        synchronized (RUNNING) {
            return queues.isEmpty() && RUNNING.remove(dataSource, this);
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
