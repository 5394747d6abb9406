package dev.claimant;

import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;

/**
 * While the handler runs, every line that is logged on its thread may name the source, the worker, the message and its attempt. All four are set
 * for each message, though two are the same for all: an application may clear the whole context at the end of its handler.
 */
final class MdcInterceptor implements Handler.Interceptor {

    private static final String SOURCE = "claimant.source";
    private static final String WORKER = "claimant.worker";
    private static final String MESSAGE = "claimant.message";
    private static final String ATTEMPT = "claimant.attempt";

    private final String source;
    private final String worker;

    private MdcInterceptor(String source, String worker) {
        this.source = source;
        this.worker = worker;
    }

    /** The same handler where the logging framework has no context. */
    static Handler around(Handler handler, String source, String worker) {
        return MDC.getMDCAdapter() instanceof NOPMDCAdapter
                ? handler
                : handler.around(new MdcInterceptor(source, worker));
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
    public void intercept(Claim claim, Handler handler) throws Exception {
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
