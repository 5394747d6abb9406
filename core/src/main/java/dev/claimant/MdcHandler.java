package dev.claimant;

import java.time.Duration;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/** While the handler runs, every line that is logged on its thread may name the worker, the message and its attempt. */
final class MdcHandler implements Handler {

    static final String WORKER = "claimant.worker";
    private static final String MESSAGE = "claimant.message";
    private static final String ATTEMPT = "claimant.attempt";

    private final Handler handler;
    private final String worker;

    private MdcHandler(Handler handler, String worker) {
        this.handler = handler;
        this.worker = worker;
    }

    /** The same handler where the logging framework has no context. */
    static Handler around(Handler handler, String worker) {
        return MDC.getMDCAdapter() instanceof NOPMDCAdapter ? handler : new MdcHandler(handler, worker);
    }

    @Override
    public int batchSize() {
        return handler.batchSize();
    }

    @Override
    public Duration batchWait() {
        return handler.batchWait();
    }

    @Override
    public void handle(Claim claim) throws Exception {
        MDC.put(WORKER, worker);
        MDC.put(MESSAGE, claim.id());
        MDC.put(ATTEMPT, Integer.toString(claim.attempt()));
        try {
            handler.handle(claim);
        } finally {
            MDC.remove(WORKER);
            MDC.remove(MESSAGE);
            MDC.remove(ATTEMPT);
        }
    }
}
