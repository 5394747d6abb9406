package dev.claimant.sample.demo;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;

/**
 * What the demo is to show.
 *
 * @param claps how many are asked for
 * @param seconds how long each takes
 * @param kill how many pods are killed in the middle of a clap
 * @param max how many Jobs may run at once
 * @param plain lines instead of a picture that is redrawn
 */
record DemoOptions(int claps, int seconds, int kill, int max, boolean plain) {

    static final String USAGE = """
            Usage: demo [postgres] [--claps N] [--seconds N] [--kill N] [--max N] [--plain]
                   demo sqs|servicebus|rabbitmq|kafka [--greetings N] [--seconds N] [--kill N] [--max N] [--plain]

            Claps, asked for in a PostgreSQL, by Jobs of deploy/postgres:

              --claps N    how many claps to ask for; 60 by default
              --seconds N  how long each takes; 2 by default
              --kill N     how many pods to kill in the middle of a clap; 2 by default
              --max N      how many Jobs may run at once; 10 by default
              --plain      prints lines, also in a terminal

            Greetings through another source, asked for by the producer's Job in deploy/SOURCE, from the Deployment there:

              --greetings N  how many to ask for; 20 by default, 600 with Kafka
              --seconds N    how long each takes; 5 by default, 6 with Service Bus, where a lock holds for 5 here, 1 with Kafka
              --kill N       how many workers to kill in the middle of their greetings; 1 by default
              --max N        how many workers there may be; 4 by default, 6 with Kafka
            """;

    static DemoOptions read(Arguments arguments) {
        DemoOptions options = new DemoOptions(
                arguments.option("--claps", 1, 60),
                arguments.option("--seconds", 0, 2),
                arguments.option("--kill", 0, 2),
                arguments.option("--max", 1, 10),
                arguments.flag("--plain"));
        arguments.end();
        if (options.kill > options.claps) {
            throw new UsageException("--kill: " + options.kill + " is more than the " + options.claps + " claps");
        }
        if (options.kill > 0 && options.seconds == 0) {
            throw new UsageException("--kill: nobody can be killed in the middle of a clap of --seconds 0");
        }
        return options;
    }
}
