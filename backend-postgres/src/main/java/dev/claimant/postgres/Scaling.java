package dev.claimant.postgres;

import static dev.claimant.postgres.Sql.filled;
import static dev.claimant.postgres.Sql.literal;

/**
 * The number that KEDA reads: what is claimable now, what is worked on and what is reserved, up to a cap. Each part reads an index from
 * where live rows begin, so that neither millions of ready messages nor millions of versions of completed ones cost anything.
 */
final class Scaling {

    private Scaling() {}

    /** One row with one {@code bigint}, never null; a plain text with no parameters, for a manifest. */
    static String query(PostgresConfig config) {
        if (!config.isTable) {
            return filled("SELECT claimant.scaler(%s, %s)", literal(config.queue), config.scalerCap);
        }
        String queue = queue(config);
        return filled(
                """
                SELECT count(*) FROM (
                    (%1$s)
                    UNION ALL (%2$s)
                    UNION ALL (%3$s)
                    UNION ALL (%4$s)
                    LIMIT %5$s
                ) AS work""",
                limited(fresh(config), config),
                limited(working(queue), config),
                limited(due(queue), config),
                limited(reserved(queue), config),
                config.scalerCap);
    }

    /** The scaling query's number, then the parts of a backlog: ready, in flight, delayed, dead. */
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
                + count(limited("SELECT 1 FROM claimant.dead d WHERE d.queue = " + queue, config), "");
        return config.isTable ? Script.plannedAnew(counts) : Script.byIndex(counts);
    }

    private static String queue(PostgresConfig config) {
        return config.isTable ? WorkTable.queueOf(Sql.qualifiedName(config.queue)) : literal(config.queue);
    }

    private static String count(String rows, String where) {
        return "(SELECT count(*) FROM (" + rows + ") AS part" + where + ")";
    }

    private static String limited(String rows, PostgresConfig config) {
        return rows + " LIMIT " + config.scalerCap;
    }

    private static String fresh(PostgresConfig config) {
        return !config.isTable
                ? lane(literal(config.queue), "ready", "ready_from")
                : "SELECT NULL::timestamptz FROM ("
                        + WorkTable.unresolved(config).fresh() + ") AS t";
    }

    private static String working(String queue) {
        return lane(queue, "working", "working_from");
    }

    private static String lane(String queue, String state, String mark) {
        return "SELECT m.locked_until AS until FROM claimant.message m WHERE m.queue = " + queue
                + " AND m.state = '"
                + state + "' AND m.position >= coalesce((SELECT k." + mark + " FROM claimant.mark k WHERE k.queue = "
                + queue + " ORDER BY k.n DESC LIMIT 1), 0) ORDER BY m.position";
    }

    private static String due(String queue) {
        return parked(queue, "waiting") + " AND m.due_at <= now() ORDER BY m.due_at";
    }

    private static String delayed(String queue) {
        return parked(queue, "waiting") + " AND m.due_at > now() ORDER BY m.due_at";
    }

    private static String reserved(String queue) {
        return parked(queue, "reserved") + " ORDER BY m.due_at";
    }

    private static String parked(String queue, String state) {
        return "SELECT m.due_at AS until FROM claimant.message m WHERE m.queue = " + queue + " AND m.state = '" + state
                + "'";
    }
}
