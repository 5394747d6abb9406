package dev.claimant.postgres;

import dev.claimant.Verdict;
import dev.claimant.postgres.BatchEntry.Found;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes the rows of a batch of claims with one statement, and asks once more about the rows which that one did not change. */
final class Batches {

    private static final Logger log = LoggerFactory.getLogger(Batches.class);
    /**
     * A row that another transaction holds is tried again: a claim that began before ours was committed holds it for as long as that
     * claim takes, a handler's transaction for longer.
     */
    private static final List<Long> PAUSES_MILLIS = List.of(0L, 2L, 8L);

    private static final Script LOOK = MessageStatements.look();

    private final SharedConnection connection;
    private final String queue;
    private final String holder;
    private final boolean lockIsOursAlone;

    Batches(SharedConnection connection, String queue, String holder, boolean lockIsOursAlone) {
        this.connection = connection;
        this.queue = queue;
        this.holder = holder;
        this.lockIsOursAlone = lockIsOursAlone;
    }

    /** One verdict per claim, in order; those not answered in time are unknown. Never throws for the server or the network. */
    List<Verdict> ask(
            String verb, Script script, List<BatchEntry> batch, Duration within, boolean urgent, Column... more) {
        Map<Long, Verdict> verdicts = new HashMap<>();
        long deadline = System.nanoTime() + within.toNanos();
        try {
            for (long pause : PAUSES_MILLIS) {
                Thread.sleep(pause);
                if (answer(script, batch, more, verdicts, deadline, urgent)) {
                    break;
                }
            }
        } catch (SQLException e) {
            log.warn("cannot {} {} messages of {}: {}", verb, batch.size(), queue, PostgresErrors.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return batch.stream()
                .map(asked -> verdicts.getOrDefault(asked.row(), Verdict.UNKNOWN))
                .toList();
    }

    /** Sends the whole batch: what is settled already is passed over. Returns whether nothing is unknown any more. */
    private boolean answer(
            Script script,
            List<BatchEntry> batch,
            Column[] more,
            Map<Long, Verdict> verdicts,
            long deadline,
            boolean urgent)
            throws SQLException, InterruptedException {
        Set<Long> changed =
                connection.run(script, statement -> bind(statement, batch, more), Batches::ids, deadline, urgent);
        for (BatchEntry asked : batch) {
            if (changed.contains(asked.row())) {
                verdicts.put(asked.row(), asked.changed());
            }
        }
        if (changed.size() == batch.size()) {
            return true;
        }
        Column rows = Column.of("bigint", batch, BatchEntry::row);
        Map<Long, Found> found =
                connection.run(LOOK, statement -> rows.bind(statement, 2), this::found, deadline, urgent);
        for (BatchEntry asked : batch) {
            if (verdicts.getOrDefault(asked.row(), Verdict.UNKNOWN) == Verdict.UNKNOWN) {
                verdicts.put(asked.row(), asked.unchanged(found.get(asked.row()), lockIsOursAlone));
            }
        }
        return !verdicts.containsValue(Verdict.UNKNOWN);
    }

    private static void bind(PreparedStatement statement, List<BatchEntry> batch, Column... more) throws SQLException {
        Column.of("bigint", batch, BatchEntry::row).bind(statement, 2);
        Column.of("bigint", batch, BatchEntry::fence).bind(statement, 3);
        for (int i = 0; i < more.length; i++) {
            more[i].bind(statement, 4 + i);
        }
    }

    private static Set<Long> ids(ResultSet rows) throws SQLException {
        Set<Long> ids = new HashSet<>();
        while (rows.next()) {
            ids.add(rows.getLong(1));
        }
        return ids;
    }

    private Map<Long, Found> found(ResultSet rows) throws SQLException {
        Map<Long, Found> found = new HashMap<>();
        while (rows.next()) {
            found.put(rows.getLong(1), new Found(rows.getLong(2), rows.getString(3), isOurs(rows.getString(4))));
        }
        return found;
    }

    /** Nobody holds what is settled. */
    private boolean isOurs(@Nullable String ofRow) {
        return ofRow == null || ofRow.equals(holder);
    }
}
