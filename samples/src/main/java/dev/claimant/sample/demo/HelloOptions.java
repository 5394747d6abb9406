package dev.claimant.sample.demo;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;

/**
 * What the demo with SQS is to show. How many greetings there are, and how many workers for them, the manifests say.
 *
 * @param seconds how long each greeting takes
 * @param kill how many workers are killed in the middle of their greetings
 * @param plain lines instead of a picture that is redrawn
 */
record HelloOptions(int seconds, int kill, boolean plain) {

    static HelloOptions read(Arguments arguments) {
        HelloOptions options = new HelloOptions(
                arguments.option("--seconds", 2, 5), arguments.option("--kill", 0, 1), arguments.flag("--plain"));
        arguments.end();
        if (options.kill > 3) {
            throw new UsageException(
                    "--kill: " + options.kill + " is more than 3; there are four workers, and one has to be left");
        }
        return options;
    }
}
