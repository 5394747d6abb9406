package dev.claimant.benchmarks.servicebus;

import dev.claimant.Claim;
import dev.claimant.benchmarks.harness.WorkerProgram;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;

/** A worker as the README builds it. */
public class ClaimantProgram extends WorkerProgram {

    @Override
    protected Source source() {
        Target target = Target.given();
        return ServiceBusSource.of(ServiceBusConfig.queue(Target.QUEUE)
                .connectionString(target.connectionString())
                .administrationEndpoint(target.administrationEndpoint())
                .build());
    }

    @Override
    protected int number(Claim claim) {
        return Target.number(claim.text());
    }
}
