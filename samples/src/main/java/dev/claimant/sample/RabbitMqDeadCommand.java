package dev.claimant.sample;

import dev.claimant.rabbitmq.DeadLetters;
import dev.claimant.rabbitmq.DeadLetters.DeadLetter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** {@code claimant-sample dead} for RabbitMQ, where an id is any text and the list has one end. */
record RabbitMqDeadCommand(DeadLetters dead, PrintStream out) {

    private static final int PAGE = 100;

    void run(Arguments arguments) {
        String what = arguments.word("list, show, redrive or purge");
        switch (what) {
            case "list" -> list(arguments);
            case "show" -> show(arguments);
            case "redrive" -> redrive(arguments);
            case "purge" -> purge(arguments);
            default -> throw new UsageException("dead: there is no " + what);
        }
    }

    private void list(Arguments arguments) {
        int most = arguments.next("N", 1, PAGE);
        arguments.end();
        for (DeadLetter letter : dead.list(most)) {
            out.println(PlainDeadCommand.line(
                    letter.id(), String.valueOf(letter.deadAt()), letter.attempts(), letter.reason()));
        }
    }

    private void show(Arguments arguments) {
        String id = DeadCommand.one(arguments.words());
        arguments.end();
        DeadLetter letter = dead.find(id).orElseThrow(() -> new UsageException("there is no dead letter " + id));
        out.println("id              " + letter.id());
        out.println("reason          " + letter.reason());
        out.println("idempotency key " + DeadCommand.orNone(letter.idempotencyKey()));
        out.println("attempts        " + letter.attempts());
        out.println("enqueued        " + letter.enqueuedAt());
        out.println("given up        " + letter.deadAt());
        out.println("sent to         exchange '" + letter.exchange() + "', routing key '" + letter.routingKey() + "'");
        out.println("headers         " + letter.headers());
        out.println("body            " + new String(letter.body(), StandardCharsets.UTF_8));
        if (letter.error() != null) {
            out.println(letter.error());
        }
    }

    private void redrive(Arguments arguments) {
        boolean all = arguments.flag("--all");
        List<String> ids = arguments.words();
        arguments.end();
        DeadCommand.requireOne(all, !ids.isEmpty());
        out.println("redriven=" + (all ? dead.redriveAll() : dead.redrive(ids)));
    }

    private void purge(Arguments arguments) {
        boolean all = arguments.flag("--all");
        int days = arguments.option("--older-than-days", 0, -1);
        List<String> ids = arguments.words();
        arguments.end();
        DeadCommand.requireOne(all, days >= 0, !ids.isEmpty());
        out.println("purged="
                + (ids.isEmpty() ? dead.purgeOlderThan(Duration.ofDays(Math.max(days, 0))) : dead.purge(ids)));
    }
}
