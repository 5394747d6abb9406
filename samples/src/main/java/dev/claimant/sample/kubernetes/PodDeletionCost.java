package dev.claimant.sample.kubernetes;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the deletion cost of the own pod: busy pods cost more, so that a scale-in takes idle ones first. Kubernetes promises no more than
 * to prefer them. The pod's account must be allowed to patch pods. Whatever fails here is logged and tried again later; work goes on.
 */
public final class PodDeletionCost implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PodDeletionCost.class);
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final long LOOK_MILLIS = 1_000;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;

    private final OwnPod pod;
    private final BooleanSupplier busy;
    private final LongSupplier nanoClock;
    private final DeletionCostPolicy policy;
    private final CountDownLatch closed = new CountDownLatch(1);

    private String lastProblem = "";

    PodDeletionCost(OwnPod pod, BooleanSupplier busy, LongSupplier nanoClock) {
        this.pod = pod;
        this.busy = busy;
        this.nanoClock = nanoClock;
        policy = new DeletionCostPolicy(nanoClock.getAsLong());
    }

    /**
     * Begins to look, on a thread of its own, until closed. Says so where there is no cluster, and does nothing then.
     *
     * @param busy whether anything is in the worker's hands
     */
    public static PodDeletionCost start(Map<String, String> environment, BooleanSupplier busy) throws IOException {
        OwnPod pod = new OwnPod(OwnPod.server(environment), ACCOUNT, OwnPod.name(environment));
        PodDeletionCost cost = new PodDeletionCost(pod, busy, System::nanoTime);
        Thread thread = new Thread(cost::run, "claimant-sample-deletion-cost");
        thread.setDaemon(true);
        thread.start();
        return cost;
    }

    private void run() {
        try {
            while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at the worker, and a request if there is something to say. */
    void look() throws InterruptedException {
        OptionalInt cost = policy.due(busy.getAsBoolean(), nanoClock.getAsLong());
        if (cost.isEmpty()) {
            return;
        }
        try {
            HttpResponse<String> response = pod.sayDeletionCost(cost.getAsInt());
            if (response.statusCode() == OK) {
                policy.succeeded(cost.getAsInt(), nanoClock.getAsLong());
                lastProblem = "";
                log.debug("the pod's deletion cost is {}", cost.getAsInt());
            } else {
                failed(problem(response), retryAfter(response));
            }
        } catch (IOException | RuntimeException e) {
            failed(e.toString(), Duration.ZERO);
        }
    }

    private void failed(String problem, Duration retryAfter) {
        policy.failed(retryAfter, nanoClock.getAsLong());
        if (!problem.equals(lastProblem)) {
            log.warn("the pod's deletion cost was not set, and is tried again later: {}", problem);
            lastProblem = problem;
        }
    }

    private static String problem(HttpResponse<String> response) {
        String said = response.statusCode() + " " + response.body();
        return response.statusCode() == FORBIDDEN
                ? said + " (its ServiceAccount needs a Role with the verb patch on pods)"
                : said;
    }

    private static Duration retryAfter(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(Duration.ZERO);
    }

    /** Looks no more; what is on its way is not waited for. */
    @Override
    public void close() {
        closed.countDown();
    }
}
