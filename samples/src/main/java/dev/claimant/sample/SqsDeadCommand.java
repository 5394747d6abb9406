package dev.claimant.sample;

import dev.claimant.sqs.DeadLetters;
import dev.claimant.sqs.DeadLetters.DeadLetter;
import java.io.PrintStream;
import java.util.List;

/** {@code claimant-sample dead} for SQS, which shows messages only by handing them out, some at a time. */
record SqsDeadCommand(DeadLetters dead, PrintStream out) {

    private static final int PAGE = 100;

    void run(Arguments arguments) {
        String what = arguments.word("list, redrive or purge");
        switch (what) {
            case "list" -> list(arguments);
            case "redrive" -> redrive(arguments);
            case "purge" -> out.println("purged=" + dead.purge(ids(arguments)));
            default -> throw new UsageException("dead: there is no " + what + " for SQS");
        }
    }

    private void list(Arguments arguments) {
        int most = arguments.next("N", 1, PAGE);
        arguments.end();
        for (DeadLetter letter : dead.list(most)) {
            out.println(letter.id() + "  " + letter.sentAt() + "  attempts=" + letter.attempts() + "  "
                    + (letter.reason() == null ? "moved by the redrive policy" : letter.reason()));
        }
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
