package dev.claimant.benchmarks.sqs;

import dev.claimant.Claim;
import dev.claimant.benchmarks.harness.WorkerProgram;
import dev.claimant.spi.Source;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsSource;
import java.time.Duration;

/** A worker as the README builds it, except for {@link Target#LONGEST_POLL_SECONDS}. */
public class ClaimantProgram extends WorkerProgram {

    @Override
    protected Source source() {
        return SqsSource.of(config(Target.given()));
    }

    @Override
    protected int number(Claim claim) {
        return Target.number(claim.text());
    }

    static SqsConfig config(Target target) {
        return SqsConfig.queue(target.queueUrl())
                .endpoint(target.endpoint())
                .region(Target.REGION)
                .longestPoll(Duration.ofSeconds(Target.LONGEST_POLL_SECONDS))
                .build();
    }
}
