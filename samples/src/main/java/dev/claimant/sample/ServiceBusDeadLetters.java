package dev.claimant.sample;

import dev.claimant.servicebus.DeadLetters;
import dev.claimant.servicebus.DeadLetters.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The dead letters of Service Bus; an id is the number that its claims had. */
record ServiceBusDeadLetters(DeadLetters dead) implements PlainDeadCommand.Letters {

    @Override
    public List<String> list(int most) {
        return dead.list(most).stream()
                .map(letter -> PlainDeadCommand.line(
                        letter.id(), String.valueOf(letter.enqueuedAt()), letter.attempts(), reason(letter)))
                .toList();
    }

    private static String reason(DeadLetter letter) {
        return letter.reason() == null ? "nobody said why" : letter.reason();
    }

    @Override
    public List<String> show(String id) {
        DeadLetter letter = dead.find(id).orElseThrow(() -> new UsageException("there is no dead letter " + id));
        List<String> lines = new ArrayList<>(List.of(
                "id              " + letter.id(),
                "reason          " + reason(letter),
                "idempotency key " + DeadCommand.orNone(letter.idempotencyKey()),
                "session         " + DeadCommand.orNone(letter.orderingKey()),
                "attempts        " + letter.attempts(),
                "enqueued        " + letter.enqueuedAt(),
                "headers         " + letter.headers(),
                "body            " + new String(letter.body(), StandardCharsets.UTF_8)));
        if (letter.error() != null) {
            lines.add(letter.error());
        }
        return lines;
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
