package dev.claimant;

import java.time.Duration;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/** While the handler runs, every line that is logged on its thread may name the source, the worker, the message and its attempt. */
final class MdcHandler implements Handler {

    private static final String SOURCE = "claimant.source";
    private static final String WORKER = "claimant.worker";
    private static final String MESSAGE = "claimant.message";
    private static final String ATTEMPT = "claimant.attempt";

    private final Handler handler;
    private final String source;
    private final String worker;

    private MdcHandler(Handler handler, String source, String worker) {
        this.handler = handler;
        this.source = source;
        this.worker = worker;
    }

    /** The same handler where the logging framework has no context. */
    static Handler around(Handler handler, String source, String worker) {
        return MDC.getMDCAdapter() instanceof NOPMDCAdapter ? handler : new MdcHandler(handler, source, worker);
    }

    /** Takes what is the same for all messages of this worker to another thread: the task begins with it. */
    static Runnable alsoOn(Runnable task) {
        String source = MDC.get(SOURCE);
        String worker = MDC.get(WORKER);
        return () -> {
            if (source != null && worker != null) {
                MDC.put(SOURCE, source);
                MDC.put(WORKER, worker);
            }
            task.run();
        };
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
        MDC.put(SOURCE, source);
        MDC.put(WORKER, worker);
        MDC.put(MESSAGE, claim.id());
        MDC.put(ATTEMPT, Integer.toString(claim.attempt()));
        try {
            handler.handle(claim);
        } finally {
            MDC.remove(SOURCE);
            MDC.remove(WORKER);
            MDC.remove(MESSAGE);
            MDC.remove(ATTEMPT);
        }
    }
}
