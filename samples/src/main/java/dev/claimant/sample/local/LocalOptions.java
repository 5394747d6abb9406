package dev.claimant.sample.local;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import dev.claimant.sample.cluster.Pace;
import java.nio.file.Path;
import java.util.List;

/**
 * How a manifest is run.
 *
 * @param pace how much faster KEDA and the controllers go; workers and locks live in real time
 * @param untilIdle ends when nothing is left to do and nothing runs; otherwise it goes on until SIGINT or SIGTERM
 * @param plain lines instead of a picture that is redrawn
 */
record LocalOptions(Path manifest, Pace pace, boolean untilIdle, boolean plain) {

    static LocalOptions read(Arguments arguments) {
        List<String> files = arguments.texts("-f");
        LocalOptions options = new LocalOptions(
                Path.of(files.isEmpty() ? "" : files.get(0)),
                new Pace(arguments.option("--faster", 1, 1)),
                arguments.flag("--until-idle"),
                arguments.flag("--plain"));
        arguments.end();
        if (files.size() != 1) {
            throw new UsageException(
                    "local needs one -f FILE, a ScaledJob or a ScaledObject with its Deployment beside it");
        }
        return options;
    }
}
