package dev.claimant.sample;

import dev.claimant.DeadLetterStore;
import dev.claimant.DeadLetterStore.Letter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code claimant-sample dead} with what the dead letters of every source can do. */
record PlainDeadCommand(DeadLetterStore dead, PrintStream out) {

    private static final int PAGE = 100;

    static String line(String id, String since, int attempts, String reason) {
        return id + "  " + since + "  attempts=" + attempts + "  " + reason;
    }

    void run(Arguments arguments) {
        String what = arguments.word("list, show, redrive or purge");
        switch (what) {
            case "list" -> list(arguments);
            case "show" -> show(arguments);
            case "redrive" -> redrive(arguments);
            case "purge" -> out.println("purged=" + dead.purge(ids(arguments)));
            default -> throw new UsageException("dead: there is no " + what + " for this source");
        }
    }

    private void list(Arguments arguments) {
        int most = arguments.next("N", 1, PAGE);
        arguments.end();
        dead.list(most)
                .forEach(letter -> out.println(
                        line(letter.id(), String.valueOf(letter.since()), letter.attempts(), reason(letter))));
    }

    private void show(Arguments arguments) {
        String id = DeadCommand.one(arguments.words());
        arguments.end();
        Letter letter = dead.find(id).orElseThrow(() -> new UsageException("there is no dead letter " + id));
        byte[] body = letter.body();
        out.println("id              " + letter.id());
        out.println("reason          " + reason(letter));
        out.println("idempotency key " + DeadCommand.orNone(letter.idempotencyKey()));
        out.println("attempts        " + letter.attempts());
        out.println("since           " + letter.since());
        out.println("headers         " + letter.headers());
        out.println("body            " + (body == null ? "none" : new String(body, StandardCharsets.UTF_8)));
        if (letter.error() != null) {
            out.println(letter.error());
        }
    }

    private static String reason(Letter letter) {
        return letter.reason() == null ? "the broker gave no reason" : letter.reason();
    }

    private void redrive(Arguments arguments) {
        boolean all = arguments.flag("--all");
        List<String> ids = arguments.words();
        arguments.end();
        if (all != ids.isEmpty()) {
            throw new UsageException("dead: say which: their ids, or --all");
        }
        out.println("redriven=" + (all ? dead.redriveAll() : dead.redrive(ids)));
    }

    private static List<String> ids(Arguments arguments) {
        List<String> ids = arguments.words();
        arguments.end();
        if (ids.isEmpty()) {
            throw new UsageException("dead purge needs ids");
        }
        return ids;
    }
}
