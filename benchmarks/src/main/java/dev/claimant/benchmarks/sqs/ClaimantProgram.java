package dev.claimant.benchmarks.sqs;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsSource;
import java.time.Duration;

/** A worker as the README builds it, except for {@link Target#LONGEST_POLL_SECONDS}. */
public class ClaimantProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        SqsSource source = SqsSource.of(config(Target.given()));
        Worker worker = tune(Worker.builder(source).slots(duty.slots()), duty)
                .handler(new Handler() {
                    @Override
                    public void handle(Claim claim) throws InterruptedException {
                        duty.handle(Target.number(claim.text()));
                    }
                })
                .build();
        worker.start();
        return () -> {
            worker.drain();
            worker.close();
            source.close();
        };
    }

    /** Sets what is to differ from the defaults: nothing. */
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker;
    }

    static SqsConfig config(Target target) {
        return SqsConfig.queue(target.queueUrl())
                .endpoint(target.endpoint())
                .region(Target.REGION)
                .longestPoll(Duration.ofSeconds(Target.LONGEST_POLL_SECONDS))
                .build();
    }
}
