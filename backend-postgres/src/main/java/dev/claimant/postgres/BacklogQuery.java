package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

/**
 * The number that KEDA reads: what is claimable now, what is worked on and what is reserved, up to a cap. Each part reads an index from
 * where live rows begin, so that neither millions of ready messages nor millions of versions of completed ones cost anything.
 */
final class BacklogQuery {

    private static final String UNTIL = "m.locked_until AS until";

    private BacklogQuery() {}

    /** One row with one {@code bigint}, never null; a plain text with no parameters, for a manifest. */
    static String query(PostgresConfig config) {
        return config.isTable
                ? filled(
                        "SELECT claimant.table_scaler(%s, %s, %s, %s)",
                        literal(Sql.qualifiedName(config.queue)),
                        literal(config.key),
                        literal(config.pending),
                        config.scalerCap)
                : filled("SELECT claimant.scaler(%s, %s)", literal(config.queue), config.scalerCap);
    }

    /** The scaling query's number, then the parts of a backlog: ready, in flight, delayed, dead; the age of the oldest in milliseconds. */
    static Script backlog(PostgresConfig config) {
        String queue = queue(config);
        String working = limited(working(queue), config);
        String reserved = limited(reserved(queue), config);
        String counts = "SELECT (" + query(config) + "),\n"
                + count(limited(fresh(config), config), "") + " + " + count(limited(due(queue), config), "")
                + " + " + count(working, " WHERE until <= now()") + " + " + count(reserved, " WHERE until <= now()")
                + ",\n"
                + count(working, " WHERE until > now()") + " + " + count(reserved, " WHERE until > now()") + ",\n"
                + count(limited(delayed(queue), config), "") + ",\n"
                + count(limited("SELECT 1 FROM claimant.dead d WHERE d.queue = " + queue, config), "")
                + ",\n" + oldestAge(config, queue);
        return config.isTable ? Script.plannedAnew(counts) : Script.byIndex(counts);
    }

    private static String queue(PostgresConfig config) {
        return config.isTable ? WorkTable.queueOf(Sql.qualifiedName(config.queue)) : literal(config.queue);
    }

    /** Of the first ready one, and of as many others as are counted. */
    private static String oldestAge(PostgresConfig config, String queue) {
        return filled(
                """
                (SELECT (extract(epoch FROM now() - min(at)) * 1000)::bigint FROM (
                    (%1$s) UNION ALL (%2$s) UNION ALL (%3$s) UNION ALL (%4$s)) AS parts)""",
                config.isTable
                        ? WorkTable.unresolved(config).freshSince()
                        : lane("m.enqueued_at AS at", queue, "ready", "ready_from") + " LIMIT 1",
                limited(lane("m.enqueued_at", queue, "working", "working_from"), config),
                limited(parked("m.enqueued_at", queue, "waiting") + " ORDER BY m.due_at", config),
                limited(parked("m.enqueued_at", queue, "reserved"), config));
    }

    private static String count(String rows, String where) {
        return "(SELECT count(*) FROM (" + rows + ") AS part" + where + ")";
    }

    private static String limited(String rows, PostgresConfig config) {
        return rows + " LIMIT " + config.scalerCap;
    }

    private static String fresh(PostgresConfig config) {
        return !config.isTable
                ? lane(UNTIL, literal(config.queue), "ready", "ready_from")
                : "SELECT NULL::timestamptz FROM ("
                        + WorkTable.unresolved(config).fresh() + ") AS t";
    }

    private static String working(String queue) {
        return lane(UNTIL, queue, "working", "working_from");
    }

    private static String lane(String selected, String queue, String state, String mark) {
        return "SELECT " + selected + " FROM claimant.message m WHERE m.queue = " + queue
                + " AND m.state = '"
                + state + "' AND m.position >= coalesce((SELECT k." + mark + " FROM claimant.mark k WHERE k.queue = "
                + queue + " ORDER BY k.n DESC LIMIT 1), 0) ORDER BY m.position";
    }

    private static String due(String queue) {
        return parked("m.due_at AS until", queue, "waiting") + " AND m.due_at <= now() ORDER BY m.due_at";
    }

    private static String delayed(String queue) {
        return parked("m.due_at AS until", queue, "waiting") + " AND m.due_at > now() ORDER BY m.due_at";
    }

    private static String reserved(String queue) {
        return parked("m.due_at AS until", queue, "reserved") + " ORDER BY m.due_at";
    }

    private static String parked(String selected, String queue, String state) {
        return "SELECT " + selected + " FROM claimant.message m WHERE m.queue = " + queue + " AND m.state = '" + state
                + "'";
    }
}
