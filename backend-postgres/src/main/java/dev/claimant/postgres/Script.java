package dev.claimant.postgres;

import java.util.List;

/**
 * Statements that go to the server in one round trip and one transaction, the last one giving the result.
 *
 * <p>The settings are made for this transaction only, so that nothing is left behind in a connection that PgBouncer lends to the next
 * client.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET">set_config</a>
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-query.html">Query planning settings</a>
 * @param text the statements; its first parameter is the time-out in milliseconds, as text
 * @param before how many results come before the last statement's
 */
record Script(String text, int before) {

    /**
     * One plan for all executions, which the driver keeps prepared: it must not scan the table when that has millions of rows because it
     * was made while there were none.
     */
    private static final String BY_INDEX = "set_config('plan_cache_mode', 'force_generic_plan', true),"
            + " set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)";

    /** A query from which a policy would hide rows fails, where it would take them for gone. */
    private static final String ALL_ROWS = "set_config('row_security', 'off', true)";

    /** The application's tables and conditions are planned with what is known of them now. */
    private static final String PLANNED_ANEW = "set_config('plan_cache_mode', 'force_custom_plan', true), " + ALL_ROWS;

    private static final String NO_SCANS = "set_config('enable_seqscan', 'off', true), " + ALL_ROWS;

    /** For plans that scan a table only where no index could serve. */
    static Script withoutScans(String... statements) {
        return of(NO_SCANS, statements);
    }

    /** Statements on Claimant's own tables, all of them by index. */
    static Script byIndex(String... statements) {
        return of(BY_INDEX, statements);
    }

    /** Statements that read the application's tables too. */
    static Script plannedAnew(String... statements) {
        return of(PLANNED_ANEW, statements);
    }

    /** The same with one statement more, in a transaction of its own after the commit. Its result is not read. */
    Script andThen(String statement) {
        return new Script(text + ";\n" + statement, before);
    }

    private static Script of(String settings, String... statements) {
        // To compile a plan would take longer than to run it; where scans are discouraged, a scan that remains would
        // look dear enough.
        String begin =
                "BEGIN ISOLATION LEVEL READ COMMITTED;\nSELECT set_config('statement_timeout', ?, true), set_config('jit', 'off', true), "
                        + settings + ", pg_backend_pid() AS process;\n";
        return new Script(begin + String.join(";\n", List.of(statements)) + ";\nCOMMIT", 1 + statements.length);
    }
}
