package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

/**
 * The number that KEDA reads: what is claimable now, what is worked on and what is reserved, up to a cap. Each part reads an index from
 * where live rows begin, so that neither millions of ready messages nor millions of versions of completed ones cost anything.
 */
final class BacklogQuery {

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

    /**
     * The scaling query's number, then the parts of a backlog: ready, in flight, delayed, dead; the age of the oldest in milliseconds: of
     * the first ready one and of all others that are counted. Each part is read once, and up to the cap.
     */
    static Script backlog(PostgresConfig config) {
        String queue = queue(config);
        String counts = filled(
                """
                WITH working AS MATERIALIZED (%1$s), reserved AS MATERIALIZED (%2$s),
                due AS MATERIALIZED (%3$s), delayed AS MATERIALIZED (%4$s)
                SELECT (%5$s),
                    (SELECT count(*) FROM (%6$s) AS fresh) + (SELECT count(*) FROM due)
                        + (SELECT count(*) FROM working WHERE until <= now()) + (SELECT count(*) FROM reserved WHERE until <= now()),
                    (SELECT count(*) FROM working WHERE until > now()) + (SELECT count(*) FROM reserved WHERE until > now()),
                    (SELECT count(*) FROM delayed),
                    (SELECT count(*) FROM (SELECT 1 FROM claimant.dead d WHERE d.queue = %7$s LIMIT %8$s) AS dead),
                    (SELECT (extract(epoch FROM now() - min(at)) * 1000)::bigint FROM (
                        (%9$s LIMIT 1) UNION ALL SELECT at FROM working UNION ALL SELECT at FROM reserved
                        UNION ALL SELECT at FROM due UNION ALL SELECT at FROM delayed) AS counted)""",
                limited(lane("m.locked_until AS until, m.enqueued_at AS at", queue, "working", "working_from"), config),
                limited(parked(queue, "reserved", ""), config),
                limited(parked(queue, "waiting", " AND m.due_at <= now()"), config),
                limited(parked(queue, "waiting", " AND m.due_at > now()"), config),
                query(config),
                limited(fresh(config), config),
                queue,
                config.scalerCap,
                config.isTable
                        ? WorkTable.unresolved(config).freshSince()
                        : lane("m.enqueued_at AS at", queue, "ready", "ready_from"));
        return config.isTable ? Script.plannedAnew(counts) : Script.byIndex(counts);
    }

    private static String queue(PostgresConfig config) {
        return config.isTable ? WorkTable.queueOf(Sql.qualifiedName(config.queue)) : literal(config.queue);
    }

    private static String limited(String rows, PostgresConfig config) {
        return rows + " LIMIT " + config.scalerCap;
    }

    private static String fresh(PostgresConfig config) {
        return !config.isTable
                ? lane("1", literal(config.queue), "ready", "ready_from")
                : "SELECT 1 FROM (" + WorkTable.unresolved(config).fresh() + ") AS t";
    }

    private static String lane(String selected, String queue, String state, String mark) {
        return "SELECT " + selected + " FROM claimant.message m WHERE m.queue = " + queue
                + " AND m.state = '"
                + state + "' AND m.position >= coalesce((SELECT k." + mark + " FROM claimant.mark k WHERE k.queue = "
                + queue + " ORDER BY k.n DESC LIMIT 1), 0) ORDER BY m.position";
    }

    private static String parked(String queue, String state, String when) {
        return "SELECT m.due_at AS until, m.enqueued_at AS at FROM claimant.message m WHERE m.queue = " + queue
                + " AND m.state = '" + state + "'" + when + " ORDER BY m.due_at";
    }
}
