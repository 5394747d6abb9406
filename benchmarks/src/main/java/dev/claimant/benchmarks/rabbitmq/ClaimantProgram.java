package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.benchmarks.harness.WorkerProgram;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.spi.Source;

/** A worker as the README builds it. */
public class ClaimantProgram extends WorkerProgram {

    @Override
    protected Source source() {
        return RabbitMqSource.of(config(Target.given()));
    }

    static RabbitMqConfig config(Target target) {
        RabbitMqConfig.Builder config = RabbitMqConfig.queue(target.uri(), target.queue());
        return (target.isQuorum() ? config : config.classic()).build();
    }
}
