package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.postgres.Inbox;
import dev.claimant.postgres.PostgresClaim;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.PlatformTransactionManager;

/** Transactions on a PostgreSQL database. */
final class PostgresListenerTransactions implements ListenerTransactions {

    private static final TransactionalHandler.Step NOTHING = (claim, connection) -> {};

    private final BeanFactory beans;

    PostgresListenerTransactions(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public Handler within(WorkerSpec worker, Handler handler, boolean inMemory, StartupProblems problems) {
        PlatformTransactionManager manager =
                beans.getBeanProvider(PlatformTransactionManager.class).getIfUnique();
        if (manager == null) {
            return ListenerTransactions.none(worker, problems);
        }
        return worker.transaction() == ListenerTransaction.INBOX
                ? inbox(worker, handler, manager)
                : completing(worker, handler, manager, inMemory, problems);
    }

    private Handler completing(
            WorkerSpec worker,
            Handler handler,
            PlatformTransactionManager manager,
            boolean inMemory,
            StartupProblems problems) {
        WorkerProperties properties = worker.properties();
        problems.when(
                properties.rabbitmq() != null
                        || properties.sqs() != null
                        || properties.kafka() != null
                        || properties.servicebus() != null,
                worker.prefix() + ": its listener asks for the transaction COMPLETE, which only PostgreSQL has; INBOX"
                        + " serves every source");
        return new TransactionalHandler(
                handler,
                manager,
                () -> dataSource(worker),
                NOTHING,
                inMemory ? NOTHING : PostgresListenerTransactions::complete);
    }

    private static void complete(Claim claim, Connection connection) throws Exception {
        if (!(claim instanceof PostgresClaim postgres)) {
            throw new IllegalStateException(
                    "only a message of PostgreSQL can be completed in the transaction: " + claim);
        }
        postgres.completeIn(connection);
    }

    private Handler inbox(WorkerSpec worker, Handler handler, PlatformTransactionManager manager) {
        Inbox inbox = new Inbox(DataSources.direct(dataSource(worker)), worker.name());
        Handler noted = new TransactionalHandler(handler, manager, () -> dataSource(worker), inbox::note, NOTHING);
        return claim -> {
            noted.handle(claim);
            inbox.removeForgotten();
        };
    }

    private DataSource dataSource(WorkerSpec worker) {
        PostgresProperties postgres = worker.properties().postgres();
        @Nullable String name = postgres == null ? null : postgres.dataSource();
        return name == null ? beans.getBean(DataSource.class) : beans.getBean(name, DataSource.class);
    }
}
