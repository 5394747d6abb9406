package dev.claimant.sample;

import dev.claimant.sqs.DeadLetters;
import java.util.List;

/** The dead letters of SQS, which shows messages only by handing them out, some at a time. */
record SqsDeadLetters(DeadLetters dead) implements PlainDeadCommand.Letters {

    @Override
    public List<String> list(int most) {
        return dead.list(most).stream()
                .map(letter -> PlainDeadCommand.line(
                        letter.id(),
                        String.valueOf(letter.sentAt()),
                        letter.attempts(),
                        letter.reason() == null ? "moved by the redrive policy" : letter.reason()))
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
