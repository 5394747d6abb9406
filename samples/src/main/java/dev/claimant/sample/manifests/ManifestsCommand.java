package dev.claimant.sample.manifests;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import java.io.PrintStream;
import java.util.List;

/** {@code claimant-sample manifests SOURCE jobs|workers}. */
public final class ManifestsCommand {

    private static final String NAME = "[a-z0-9]([-a-z0-9.]*[a-z0-9])?";
    private static final int LONGEST_NAME = 54;
    private static final int ONE_MESSAGE = 1;
    private static final int SLOTS = 10;

    private ManifestsCommand() {}

    /** Prints the manifests; returns the exit code. */
    public static int run(Arguments arguments, PrintStream out) {
        OwnQueue queue = read(arguments);
        out.println("# " + queue.source() + ", queue " + queue.queue() + ". The Secret " + queue.secret()
                + " must have the keys " + String.join(", ", queue.secretKeys()) + ".");
        out.println("# The worker reads " + String.join(", ", queue.variables())
                + " and the others below; its argument is " + (queue.jobs() ? "job" : "worker") + ".");
        out.print(queue.manifests());
        return 0;
    }

    static OwnQueue read(Arguments arguments) {
        String queue = text(arguments, "--queue", "[^\\p{Cc}\u2028\u2029]*[A-Za-z0-9][^\\p{Cc}\u2028\u2029]*");
        String image = text(arguments, "--image", "\\S+");
        String secret = text(arguments, "--secret", NAME);
        int slots = arguments.option("--slots", 1, 0);
        int max = arguments.option("--max", 1, 10);
        String source = arguments.word("the source, one of " + String.join(", ", OwnQueue.sources()));
        String mode = arguments.word("jobs or workers");
        arguments.end();
        if (!OwnQueue.sources().contains(source)) {
            throw new UsageException("manifests: " + source + " is none of " + String.join(", ", OwnQueue.sources()));
        }
        if (!List.of("jobs", "workers").contains(mode)) {
            throw new UsageException("manifests: " + mode + " is neither jobs nor workers");
        }
        boolean jobs = mode.equals("jobs");
        int each = slots > 0 ? slots : jobs ? ONE_MESSAGE : SLOTS;
        OwnQueue own = new OwnQueue(source, jobs, queue, image, each, secret, max);
        if (own.name().length() > LONGEST_NAME) {
            throw new UsageException(
                    "--queue: " + own.name() + " has more than " + LONGEST_NAME + " characters, too many for KEDA");
        }
        return own;
    }

    private static String text(Arguments arguments, String option, String pattern) {
        List<String> texts = arguments.texts(option);
        if (texts.size() != 1) {
            throw new UsageException("manifests needs one " + option);
        }
        if (!texts.get(0).matches(pattern)) {
            throw new UsageException(option + ": " + texts.get(0) + " cannot be used in a manifest");
        }
        return texts.get(0);
    }
}
