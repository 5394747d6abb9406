package dev.claimant.postgres;

import dev.claimant.postgres.Asked.Found;
import dev.claimant.spi.Verdict;
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
    private static final Script LOOK = Lifecycle.look();

    private final Link link;
    private final String queue;

    Batches(Link link, String queue) {
        this.link = link;
        this.queue = queue;
    }

    /** One verdict per claim, in order; those not answered in time are unknown. Never throws for the server or the network. */
    List<Verdict> ask(String verb, Script script, List<Asked> batch, Duration within, boolean urgent, Column... more) {
        long deadline = System.nanoTime() + within.toNanos();
        Set<Long> changed = Set.of();
        Map<Long, Found> found = null;
        try {
            changed = link.run(script, statement -> bind(statement, batch, more), Batches::ids, deadline, urgent);
            if (changed.size() < batch.size()) {
                Column rows = Column.of("bigint", batch, Asked::row);
                found = link.run(LOOK, statement -> rows.bind(statement, 2), Batches::found, deadline, urgent);
            }
        } catch (SQLException e) {
            log.warn("cannot {} {} messages of {}: {}", verb, batch.size(), queue, PostgresErrors.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return verdicts(batch, changed, found);
    }

    /** What was found is absent when nobody could look. */
    private static List<Verdict> verdicts(List<Asked> batch, Set<Long> changed, @Nullable Map<Long, Found> found) {
        return batch.stream()
                .map(asked -> {
                    if (changed.contains(asked.row())) {
                        return Verdict.APPLIED;
                    }
                    return found == null ? Verdict.UNKNOWN : asked.unchanged(found.get(asked.row()));
                })
                .toList();
    }

    private static void bind(PreparedStatement statement, List<Asked> batch, Column... more) throws SQLException {
        Column.of("bigint", batch, Asked::row).bind(statement, 2);
        Column.of("bigint", batch, Asked::fence).bind(statement, 3);
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

    private static Map<Long, Found> found(ResultSet rows) throws SQLException {
        Map<Long, Found> found = new HashMap<>();
        while (rows.next()) {
            found.put(rows.getLong(1), new Found(rows.getLong(2), rows.getString(3)));
        }
        return found;
    }
}
