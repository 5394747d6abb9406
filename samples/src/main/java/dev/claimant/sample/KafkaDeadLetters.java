package dev.claimant.sample;

import dev.claimant.kafka.DeadLetters;
import java.util.List;

/** The dead letters of a Kafka topic. */
record KafkaDeadLetters(DeadLetters dead) implements PlainDeadCommand.Letters {

    @Override
    public List<String> list(int most) {
        return dead.list(most).stream()
                .map(letter -> PlainDeadCommand.line(
                        letter.id(), letter.deadAt().toString(), letter.attempts(), letter.reason()))
                .toList();
    }

    @Override
    public int redrive(List<String> ids) {
        return dead.redrive(ids);
    }

    @Override
    public int redriveAll() {
        return dead.redriveAll();
    }

    @Override
    public int purge(List<String> ids) {
        return dead.purge(ids);
    }
}
