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
                WITH fresh AS MATERIALIZED (%1$s), working AS MATERIALIZED (%2$s), reserved AS MATERIALIZED (%3$s),
                due AS MATERIALIZED (%4$s), delayed AS MATERIALIZED (%5$s)
                SELECT least(%7$s, (SELECT n FROM fresh) + (SELECT count(*) FROM working) + (SELECT count(*) FROM reserved)
                        + (SELECT count(*) FROM due)),
                    (SELECT n FROM fresh) + (SELECT count(*) FROM due)
                        + (SELECT count(*) FROM working WHERE until <= now()) + (SELECT count(*) FROM reserved WHERE until <= now()),
                    (SELECT count(*) FROM working WHERE until > now()) + (SELECT count(*) FROM reserved WHERE until > now()),
                    (SELECT count(*) FROM delayed),
                    (SELECT count(*) FROM (SELECT 1 FROM claimant.dead d WHERE d.queue = %6$s LIMIT %7$s) AS dead),
                    (SELECT (extract(epoch FROM now() - min(at)) * 1000)::bigint FROM (
                        SELECT at FROM fresh UNION ALL SELECT at FROM working UNION ALL SELECT at FROM reserved
                        UNION ALL SELECT at FROM due UNION ALL SELECT at FROM delayed) AS counted)""",
                config.isTable ? WorkTable.unresolved(config).fresh(config.scalerCap) : ready(config),
                limited(lane("m.locked_until AS until, m.enqueued_at AS at", queue, "working", "working_from"), config),
                limited(parked(queue, "reserved", ""), config),
                limited(parked(queue, "waiting", " AND m.due_at <= now()"), config),
                limited(parked(queue, "waiting", " AND m.due_at > now()"), config),
                queue,
                config.scalerCap);
        return config.isTable ? Script.plannedAnew(counts) : Script.byIndex(counts);
    }

    /** How many are ready, and when the first of them was enqueued. */
    private static String ready(PostgresConfig config) {
        String queue = queue(config);
        return filled(
                """
                SELECT (SELECT count(*) FROM (%s) AS ready) AS n, (SELECT at FROM (%s LIMIT 1) AS first) AS at""",
                limited(lane("1", queue, "ready", "ready_from"), config),
                lane("m.enqueued_at AS at", queue, "ready", "ready_from"));
    }

    private static String queue(PostgresConfig config) {
        return config.isTable ? WorkTable.queueOf(Sql.qualifiedName(config.queue)) : literal(config.queue);
    }

    private static String limited(String rows, PostgresConfig config) {
        return rows + " LIMIT " + config.scalerCap;
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
