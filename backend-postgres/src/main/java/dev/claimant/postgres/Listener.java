package dev.claimant.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the {@link EnqueueNotifier} for all sources of this process that sleep on one database: one thread, one connection. While it is not listening,
 * for whatever reason, the sources poll as they do without it; when it listens again, all of them look once.
 */
final class Listener {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final Map<String, Listener> BY_ADDRESS = new HashMap<>();

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = Duration.ofSeconds(10).toMillis();

    private final String address;
    private final List<WakeUp> sources = new CopyOnWriteArrayList<>();
    private volatile @Nullable ListeningConnection listening;
    private boolean lost;

    private Listener(String address) {
        this.address = address;
    }

    /** From now on the source is woken. Returns at once: whether that is possible shows later, and is logged where it is not. */
    static Listener add(WakeUp source, String address) {
        synchronized (BY_ADDRESS) {
            Listener listener = BY_ADDRESS.get(address);
            if (listener == null) {
                listener = new Listener(address);
                BY_ADDRESS.put(address, listener);
                listener.sources.add(source);
                listener.start();
            } else {
                listener.sources.add(source);
                // What came between its last look and now others only were woken for.
                source.wake();
            }
            return listener;
        }
    }

    boolean isListening() {
        return listening != null;
    }

    /** The source is woken no more, and the connection from its data source is ended. */
    static void remove(WakeUp source) {
        synchronized (BY_ADDRESS) {
            for (Listener listener : BY_ADDRESS.values()) {
                if (listener.sources.remove(source)) {
                    listener.leave(source);
                }
            }
        }
    }

    private void start() {
        Thread thread = new Thread(this::run, "claimant-postgres-listen");
        thread.setDaemon(true);
        thread.start();
    }

    private void leave(WakeUp source) {
        ListeningConnection current = listening;
        if (current != null && current.lender() == source) {
            current.end();
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        int turn = 0;
        for (WakeUp lender = next(turn); lender != null; lender = next(turn)) {
            try (ListeningConnection opened = ListeningConnection.open(lender)) {
                pause = FIRST_PAUSE_MILLIS;
                listen(opened);
            } catch (SQLException e) {
                if (!sources.contains(lender)) {
                    continue;
                }
                warn(e);
                turn++;
                if (!sleep(pause)) {
                    break;
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            } catch (ListeningConnection.CannotListen e) {
                log.warn("{}: workers of {} will poll", e.getMessage(), lender.queue());
                sources.remove(lender);
            } catch (InterruptedException e) {
                break;
            }
        }
        synchronized (BY_ADDRESS) {
            BY_ADDRESS.remove(address, this);
        }
    }

    /** Whose data source lends the connection; absent, and this listener over, when nobody sleeps any more. */
    private @Nullable WakeUp next(int turn) {
        synchronized (BY_ADDRESS) {
            if (sources.isEmpty()) {
                BY_ADDRESS.remove(address, this);
                return null;
            }
            return sources.get(turn % sources.size());
        }
    }

    private void listen(ListeningConnection opened) throws SQLException {
        listening = opened;
        try {
            if (lost) {
                log.info("listening again");
                lost = false;
                sources.forEach(WakeUp::serverIsBack);
            }
            sources.forEach(WakeUp::wake);
            if (!sources.contains(opened.lender())) {
                // It left before it could see this listening.
                opened.end();
            }
            while (!opened.isEnding()) {
                wake(opened.awaitNotified());
            }
        } finally {
            listening = null;
        }
    }

    private void wake(Set<String> queues) {
        for (WakeUp source : sources) {
            if (queues.contains(source.queue())) {
                source.wake();
            }
        }
    }

    private void warn(SQLException e) {
        if (!lost) {
            log.warn("not listening, workers poll until that is mended: {}", PostgresErrors.describe(e));
        }
        lost = true;
    }

    /** Many processes lose one server at the same moment, and should not all come back at the same moment. */
    private static boolean sleep(long pause) {
        try {
            Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
