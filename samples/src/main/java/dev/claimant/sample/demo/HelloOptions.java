package dev.claimant.sample.demo;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;

/**
 * What a demo of greetings is to show.
 *
 * @param greetings how many are asked for
 * @param seconds how long each takes
 * @param kill how many workers are killed in the middle of their greetings
 * @param max how many workers there may be at once, whatever the manifest allows
 * @param plain lines instead of a picture that is redrawn
 */
record HelloOptions(HelloPlay play, int greetings, int seconds, int kill, int max, boolean plain) {

    static HelloOptions read(HelloPlay play, Arguments arguments) {
        HelloOptions options = new HelloOptions(
                play,
                arguments.option("--greetings", 1, play.greetings),
                arguments.option("--seconds", play == HelloPlay.KAFKA ? 1 : 2, play.seconds),
                arguments.option("--kill", 0, 1),
                arguments.option("--max", 1, play.max),
                arguments.flag("--plain"));
        arguments.end();
        if (options.kill >= options.max) {
            throw new UsageException("--kill: " + options.kill + " is more than " + (options.max - 1) + "; there are "
                    + options.max + " workers, and one has to be left");
        }
        return options;
    }
}
