package dev.claimant.sample;

import java.io.PrintStream;
import java.util.List;

/** {@code claimant-sample dead} for sources whose dead letters are listed, redriven and purged, and no more. */
record PlainDeadCommand(Letters dead, PrintStream out) {

    private static final int PAGE = 100;

    /** The dead letters of one source. */
    interface Letters {
        /** A line for each, which begins with its id. */
        List<String> list(int most);

        /** All that is known of one. */
        default List<String> show(String id) {
            throw new UsageException("dead: there is no show for this source");
        }

        int redrive(List<String> ids);

        int redriveAll();

        int purge(List<String> ids);
    }

    static String line(String id, String since, int attempts, String reason) {
        return id + "  " + since + "  attempts=" + attempts + "  " + reason;
    }

    void run(Arguments arguments) {
        String what = arguments.word("list, redrive or purge");
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
        dead.list(most).forEach(out::println);
    }

    private void show(Arguments arguments) {
        String id = DeadCommand.one(arguments.words());
        arguments.end();
        dead.show(id).forEach(out::println);
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
