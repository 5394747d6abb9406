package dev.claimant.spring;

import dev.claimant.Backlog;
import dev.claimant.Worker;
import dev.claimant.WorkerStats;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** The workers for operators: how each is, and to pause, resume and drain it. */
@Endpoint(id = "claimant")
final class ClaimantEndpoint {

    private final ClaimantWorkers workers;

    ClaimantEndpoint(ClaimantWorkers workers) {
        this.workers = workers;
    }

    /**
     * A worker at one moment.
     *
     * @param notReady why it is not ready; absent if it is
     * @param notAlive why it is not alive; absent if it is
     * @param budgets how its slots and other budgets are used
     * @param backlog absent where it was not asked for, or the source cannot be reached
     */
    record Description(
            String state,
            @Nullable String notReady,
            @Nullable String notAlive,
            WorkerStats budgets,
            @Nullable Map<String, Object> backlog) {}

    @ReadOperation
    Map<String, Description> workers() {
        Map<String, Description> all = new LinkedHashMap<>();
        workers.all().forEach((name, worker) -> all.put(name, describe(worker, null)));
        return all;
    }

    /** One worker, with its backlog. */
    @ReadOperation
    @Nullable Description worker(@Selector String name) {
        return workers.names().contains(name) ? describe(workers.worker(name), backlog(name)) : null;
    }

    /** The action is pause, resume or drain; a drain goes on in the background. */
    @WriteOperation
    @Nullable Description act(@Selector String name, String action) {
        if (!workers.names().contains(name)) {
            return null;
        }
        Worker worker = workers.worker(name);
        switch (action.toLowerCase(Locale.ROOT)) {
            case "pause" -> worker.pause();
            case "resume" -> worker.resume();
            case "drain" -> new Thread(worker::drain, "claimant-drain-" + name).start();
            default ->
                throw new InvalidEndpointRequestException(
                        "action: '" + action + "' is none of pause, resume, drain", "unknown action");
        }
        return describe(worker, null);
    }

    private static Description describe(Worker worker, @Nullable Map<String, Object> backlog) {
        return new Description(
                worker.state().name(),
                worker.whyNotReady().orElse(null),
                worker.whyNotAlive().orElse(null),
                worker.stats(),
                backlog);
    }

    private Map<String, Object> backlog(String name) {
        Map<String, Object> counts = new LinkedHashMap<>();
        try {
            Backlog backlog = workers.backlog(name);
            counts.put("scaler", backlog.scaler());
            backlog.ready().ifPresent(count -> counts.put("ready", count));
            backlog.inFlight().ifPresent(count -> counts.put("inFlight", count));
            backlog.delayed().ifPresent(count -> counts.put("delayed", count));
            backlog.dead().ifPresent(count -> counts.put("dead", count));
            counts.put("capped", backlog.capped());
            backlog.oldestAge().ifPresent(age -> counts.put("oldestAge", age.toString()));
        } catch (RuntimeException e) {
            counts.put("problem", String.valueOf(e.getMessage()));
        }
        return counts;
    }
}
