package dev.claimant.spring;

import dev.claimant.Worker;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** One question put to all workers: is each alive, or ready? */
final class WorkersHealth implements HealthIndicator {

    private final ClaimantWorkers workers;
    private final Status otherwise;
    private final Function<Worker, Optional<String>> whyNot;

    private WorkersHealth(ClaimantWorkers workers, Status otherwise, Function<Worker, Optional<String>> whyNot) {
        this.workers = workers;
        this.otherwise = otherwise;
        this.whyNot = whyNot;
    }

    /** Down where only a new process helps. */
    static WorkersHealth alive(ClaimantWorkers workers) {
        return new WorkersHealth(workers, Status.DOWN, Worker::whyNotAlive);
    }

    /** Out of service where a worker cannot claim now. */
    static WorkersHealth ready(ClaimantWorkers workers) {
        return new WorkersHealth(workers, Status.OUT_OF_SERVICE, Worker::whyNotReady);
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        workers.all().forEach((name, worker) -> {
            Optional<String> problem = whyNot.apply(worker);
            if (problem.isPresent()) {
                health.status(otherwise);
            }
            health.withDetail(name, problem.orElse("ok"));
        });
        return health.build();
    }
}
