package dev.claimant.postgres;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the {@link EnqueueNotifier} for all sources of this process that sleep on one database: one thread, one connection. While it hears nothing,
 * for whatever reason, the sources poll as they do without it; when it hears again, all of them look once.
 */
final class Listener {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final Map<String, Listener> BY_ADDRESS = new HashMap<>();

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = Duration.ofSeconds(10).toMillis();

    private final String address;
    private final List<Sleeper> sleepers = new CopyOnWriteArrayList<>();
    private volatile @Nullable ListeningConnection ear;
    private boolean lost;

    private Listener(String address) {
        this.address = address;
    }

    /** From now on the sleeper is woken. Returns at once: whether that is possible shows later, and is logged where it is not. */
    static Listener add(Sleeper sleeper, String address) {
        synchronized (BY_ADDRESS) {
            Listener listener = BY_ADDRESS.get(address);
            if (listener == null) {
                listener = new Listener(address);
                BY_ADDRESS.put(address, listener);
                listener.sleepers.add(sleeper);
                listener.start();
            } else {
                listener.sleepers.add(sleeper);
                // What came between its last look and now was heard by others only.
                sleeper.wake();
            }
            return listener;
        }
    }

    boolean isListening() {
        return ear != null;
    }

    /** The sleeper is woken no more, and the connection that its data source lent is ended. */
    static void remove(Sleeper sleeper) {
        synchronized (BY_ADDRESS) {
            for (Listener listener : BY_ADDRESS.values()) {
                if (listener.sleepers.remove(sleeper)) {
                    listener.leave(sleeper);
                }
            }
        }
    }

    private void start() {
        Thread thread = new Thread(this::run, "claimant-postgres-listen");
        thread.setDaemon(true);
        thread.start();
    }

    private void leave(Sleeper sleeper) {
        ListeningConnection hearing = ear;
        if (hearing != null && hearing.lender() == sleeper) {
            hearing.end();
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        int turn = 0;
        for (Sleeper lender = next(turn); lender != null; lender = next(turn)) {
            try (ListeningConnection opened = ListeningConnection.open(lender)) {
                pause = FIRST_PAUSE_MILLIS;
                listen(opened);
            } catch (SQLException e) {
                if (!sleepers.contains(lender)) {
                    continue;
                }
                warn(e);
                turn++;
                if (!sleep(pause)) {
                    break;
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            } catch (ListeningConnection.Deaf e) {
                log.warn("{}: workers of {} will poll", e.getMessage(), lender.queue());
                sleepers.remove(lender);
            } catch (InterruptedException e) {
                break;
            }
        }
        synchronized (BY_ADDRESS) {
            BY_ADDRESS.remove(address, this);
        }
    }

    /** Whose data source lends the connection; absent, and this listener over, when nobody sleeps any more. */
    private @Nullable Sleeper next(int turn) {
        synchronized (BY_ADDRESS) {
            if (sleepers.isEmpty()) {
                BY_ADDRESS.remove(address, this);
                return null;
            }
            return sleepers.get(turn % sleepers.size());
        }
    }

    private void listen(ListeningConnection opened) throws SQLException {
        ear = opened;
        try {
            if (lost) {
                log.info("listening again");
                lost = false;
                sleepers.forEach(Sleeper::serverIsBack);
            }
            wake(sleeper -> true);
            if (!sleepers.contains(opened.lender())) {
                // It left before it could see this ear.
                opened.end();
            }
            while (!opened.isEnding()) {
                List<String> queues = opened.hear();
                wake(sleeper -> queues.contains(sleeper.queue()));
            }
        } finally {
            ear = null;
        }
    }

    private void wake(Predicate<Sleeper> which) {
        sleepers.stream().filter(which).forEach(Sleeper::wake);
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
