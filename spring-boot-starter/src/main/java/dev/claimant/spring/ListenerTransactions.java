package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Handler;

/** Puts a listener into the transaction that its annotation asks for. */
interface ListenerTransactions {

    /** The handler, in a transaction. */
    Handler within(WorkerSpec worker, Handler handler, boolean inMemory, StartupProblems problems);

    /** Where there is no PostgreSQL, or no transaction manager. */
    static Handler none(WorkerSpec worker, StartupProblems problems) {
        problems.add(worker.prefix() + ": its listener asks for the transaction " + worker.transaction()
                + ", which needs claimant-backend-postgres, a DataSource and one transaction manager");
        return (Claim claim) -> {
            throw new IllegalStateException("unreachable: a start-up problem");
        };
    }
}
