package dev.claimant.benchmarks.postgres;

import dev.claimant.benchmarks.harness.Contender;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.benchmarks.harness.Workload;
import java.util.List;
import java.util.Map;

/** What all contenders on the one server have in common; what differs is their tables. */
abstract class PostgresContender implements Contender {

    final Database database;

    private final String name;
    private final Class<? extends Program> program;
    private final List<String> libraries;
    private final int noop;
    private final int tenMillis;

    /**
     * Tells them apart.
     *
     * @param noop how many messages keep it busy for some seconds where handlers do nothing
     * @param tenMillis the same where they take 10 ms
     */
    PostgresContender(
            Database database,
            String name,
            Class<? extends Program> program,
            List<String> libraries,
            int noop,
            int tenMillis) {
        this.database = database;
        this.name = name;
        this.program = program;
        this.libraries = libraries;
        this.noop = noop;
        this.tenMillis = tenMillis;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Class<? extends Program> program() {
        return program;
    }

    @Override
    public final List<String> libraries() {
        return libraries;
    }

    @Override
    public final Map<String, String> environment() {
        return database.environment();
    }

    @Override
    public final int messages(Workload workload) {
        return switch (workload) {
            case NOOP -> noop;
            case TEN_MILLIS -> tenMillis;
            case ONE_SLOT -> 1_000;
            case LATENCY -> 250;
            case COLD, COLD_ARCHIVE, ENQUEUE, ENQUEUE_20, ENQUEUE_LIST -> 1;
        };
    }
}
