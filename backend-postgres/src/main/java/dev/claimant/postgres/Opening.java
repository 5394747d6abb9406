package dev.claimant.postgres;

import dev.claimant.ConfigurationException;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a source does once: connects, checks everything, and puts together the parts that claim and settle. */
final class Opening {

    /** Tells this source's locks from those of all others, also of the same worker's last process. */
    private final String suffix = Long.toHexString(new SplittableRandom().nextLong());

    private final DataSource dataSource;
    private final PostgresConfig config;
    private final SharedConnection claims;
    private final SharedConnection settlements;
    private final Plan plan;
    private final Events events;

    /** The parts of an open source. */
    record Opened(Claiming claiming, Settling settling) {}

    Opening(
            DataSource dataSource,
            PostgresConfig config,
            SharedConnection claims,
            SharedConnection settlements,
            Plan plan,
            Events events) {
        this.dataSource = dataSource;
        this.config = config;
        this.claims = claims;
        this.settlements = settlements;
        this.plan = plan;
        this.events = events;
    }

    /** What needs no answer of the server is done while the connections are made. */
    Opened open() throws SQLException, InterruptedException {
        claims.connectAhead();
        String holder = Sql.storable(plan.worker(), 100) + "/" + suffix;
        Claimer claimer = new Claimer(config.queue, plan.owner(), holder, config.lockLength);
        Opened queue = config.isTable ? null : opened(ofQueue(claimer), claimer, true);
        claims.connect(System.nanoTime() + config.connectTimeout.toNanos());
        if (!plan.job()) {
            settlements.connectAhead();
        }
        List<String> problems = StartupCheck.problems(claims, config);
        if (problems.isEmpty()) {
            new PositionCheck(claims, config.queue).check(problems, config.statementDeadline());
        }
        Opened opened = queue == null ? ofTable(claimer, problems) : queue;
        if (opened == null || !problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        if (!plan.job()) {
            connectForSettlements();
        }
        return opened;
    }

    private Statements ofQueue(Claimer claimer) {
        return plan.ordered() ? OrderedStatements.of(claimer) : QueueStatements.of(claimer);
    }

    private @Nullable Opened ofTable(Claimer claimer, List<String> problems) throws InterruptedException {
        WorkTable table = new TableCheck(claims, config, problems).check();
        if (table == null) {
            return null;
        }
        Claimer ofTable = claimer.from(table.name());
        return opened(TableStatements.of(ofTable, table), ofTable, table.wakesWorkers());
    }

    private Opened opened(Statements statements, Claimer claimer, boolean isNotified) {
        boolean wakesUp = config.wakeUp && isNotified;
        DataSource listenOn = config.listenOn == null ? dataSource : config.listenOn;
        return new Opened(
                new Claiming(
                        claims,
                        config,
                        claimer,
                        statements,
                        new UnreadClaims(claims, config, statements, claimer, plan),
                        plan.job(),
                        wakesUp ? new WakeUp(listenOn, claimer.queue(), claims, events) : null),
                new Settling(plan.job() ? claims : settlements, claimer, statements, plan, wakesUp));
    }

    /** Before the first handler starts: a message whose end finds no connection would be run again. */
    private void connectForSettlements() throws SQLException, InterruptedException {
        try {
            settlements.connect(System.nanoTime() + config.connectTimeout.toNanos());
        } catch (SQLException e) {
            throw new SQLException(
                    "no connection for settlements beside the one for claims: " + e.getMessage()
                            + "; a source keeps two connections while it is open, and a third one to be woken on: the pool,"
                            + " the role and the server need room for them",
                    e.getSQLState(),
                    e.getCause());
        }
    }
}
