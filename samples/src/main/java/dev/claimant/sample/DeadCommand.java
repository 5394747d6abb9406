package dev.claimant.sample;

import dev.claimant.JobResult;
import dev.claimant.postgres.DeadLetters;
import dev.claimant.postgres.DeadLetters.DeadLetter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code claimant-sample dead}: what an operator does with messages that were given up. */
final class DeadCommand {

    private static final int PAGE = 100;

    private final DeadLetters dead;
    private final PrintStream out;

    DeadCommand(DeadLetters dead, PrintStream out) {
        this.dead = dead;
        this.out = out;
    }

    /** The answer is the exit code. */
    int run(Arguments arguments) {
        String what = arguments.word("list, show, redrive or purge");
        switch (what) {
            case "list" -> list(arguments);
            case "show" -> show(arguments);
            case "redrive" -> redrive(arguments);
            case "purge" -> purge(arguments);
            default -> throw new UsageException("dead: there is no " + what);
        }
        return JobResult.DONE;
    }

    private void list(Arguments arguments) {
        int most = arguments.next("N", 1, PAGE);
        List<String> after = ids(arguments);
        arguments.end();
        if (after.size() > 1) {
            throw new UsageException("cannot understand " + after.get(1));
        }
        List<DeadLetter> letters = after.isEmpty() ? dead.list(most) : dead.listAfter(after.get(0), most);
        for (DeadLetter letter : letters) {
            out.println(letter.id() + row(letter) + "  " + letter.deadAt() + "  attempts=" + letter.attempts() + "  "
                    + letter.reason());
        }
    }

    private void show(Arguments arguments) {
        String id = one(ids(arguments));
        arguments.end();
        DeadLetter letter = dead.find(id).orElseThrow(() -> new UsageException("there is no dead letter " + id));
        out.println("id              " + letter.id() + row(letter));
        out.println("reason          " + letter.reason());
        out.println("idempotency key " + orNone(letter.idempotencyKey()));
        out.println("ordering key    " + orNone(letter.orderingKey()));
        out.println("attempts        " + letter.attempts() + ", deliveries " + letter.deliveries() + ", expired locks "
                + letter.expiredLocks());
        out.println("enqueued        " + letter.enqueuedAt());
        out.println("given up        " + letter.deadAt() + " by " + orNone(letter.deadBy()));
        out.println("headers         " + letter.headers());
        out.println("history         " + letter.history());
        out.println("body            " + new String(letter.body(), StandardCharsets.UTF_8));
        if (letter.error() != null) {
            out.println(letter.error());
        }
    }

    private void redrive(Arguments arguments) {
        boolean all = arguments.flag("--all");
        List<String> ids = ids(arguments);
        arguments.end();
        requireOne(all, !ids.isEmpty());
        out.println("redriven=" + (all ? dead.redriveAll() : dead.redrive(ids)));
    }

    private void purge(Arguments arguments) {
        boolean all = arguments.flag("--all");
        int days = arguments.option("--older-than-days", 0, -1);
        List<String> ids = ids(arguments);
        arguments.end();
        requireOne(all, days >= 0, !ids.isEmpty());
        int purged = ids.isEmpty() ? dead.purgeOlderThan(Duration.ofDays(Math.max(days, 0))) : dead.purge(ids);
        out.println("purged=" + purged);
    }

    /** What changes many is never the default. */
    static void requireOne(boolean... choices) {
        int chosen = 0;
        for (boolean choice : choices) {
            chosen += choice ? 1 : 0;
        }
        if (chosen != 1) {
            throw new UsageException("dead: say which: their ids, or one of the options");
        }
    }

    static String one(List<String> ids) {
        if (ids.size() != 1) {
            throw new UsageException("dead show needs one id");
        }
        return ids.get(0);
    }

    private static List<String> ids(Arguments arguments) {
        List<String> ids = arguments.words();
        for (String id : ids) {
            if (!id.matches("\\d{1,18}")) {
                throw new UsageException("ID: " + id + " is not the id of a dead letter, which is a number");
            }
        }
        return ids;
    }

    /** A row of the application's table goes by its key there. */
    private static String row(DeadLetter letter) {
        return letter.key() == null ? "" : "  row=" + letter.key();
    }

    static String orNone(@Nullable String text) {
        return text == null ? "none" : text;
    }
}
