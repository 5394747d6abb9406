package dev.claimant.benchmarks.kafka;

import dev.claimant.benchmarks.harness.WorkerProgram;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.spi.Source;

/** A worker as the README builds it. */
public class ClaimantProgram extends WorkerProgram {

    @Override
    protected Source source() {
        Target target = Target.given();
        return KafkaSource.of(KafkaConfig.group(target.servers(), target.topic(), target.topic())
                .deadLetterTopic(target.deadLetterTopic())
                .build());
    }
}
