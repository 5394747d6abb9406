package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Handler;
import java.sql.Connection;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** Runs a handler in a transaction of the application's transaction manager. */
final class TransactionalHandler implements Handler {

    private static final TransactionDefinition NEW =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

    /** What else belongs in the transaction. */
    interface Step {
        void run(Claim claim, Connection connection) throws Exception;
    }

    private final Handler handler;
    private final PlatformTransactionManager manager;
    private final Supplier<DataSource> dataSource;
    private final Step before;
    private final Step after;

    TransactionalHandler(
            Handler handler,
            PlatformTransactionManager manager,
            Supplier<DataSource> dataSource,
            Step before,
            Step after) {
        this.handler = handler;
        this.manager = manager;
        this.dataSource = dataSource;
        this.before = before;
        this.after = after;
    }

    @Override
    public void handle(Claim claim) throws Exception {
        TransactionStatus transaction = manager.getTransaction(NEW);
        try {
            before.run(claim, connection());
            handler.handle(claim);
            if (claim.stopAsked()) {
                throw new IllegalStateException(
                        "told to stop, so that its return is not believed; nothing was committed");
            }
            after.run(claim, connection());
        } catch (Throwable failure) {
            rollBack(transaction, failure);
            throw failure;
        }
        manager.commit(transaction);
    }

    private Connection connection() {
        Connection connection = new SpringTransactions().connection(dataSource.get());
        if (connection == null) {
            throw new IllegalStateException("the transaction manager "
                    + manager.getClass().getName() + " has no transaction on the data source of the worker");
        }
        return connection;
    }

    private void rollBack(TransactionStatus transaction, Throwable failure) {
        try {
            manager.rollback(transaction);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
