package dev.claimant.rabbitmq;

import java.util.List;
import java.util.Objects;

/**
 * What must be true of a retry queue and of the dead-letter queue, or messages vanish in them: compared with what the management API
 * shows.
 */
final class QueueRules {

    private QueueRules() {}

    /** A sentence for each thing that is wrong with the retry queue. */
    static void retryQueue(List<String> problems, RabbitMqConfig config, String name, QueueDescription seen) {
        vanishing(problems, name, seen);
        if (!seen.isQuorum()) {
            problem(
                    problems,
                    name,
                    "is a " + seen.type() + " queue; a quorum queue alone hands messages back for sure");
        }
        String exchange = seen.text("dead-letter-exchange");
        String key = seen.text("dead-letter-routing-key");
        if (exchange == null || !exchange.isEmpty() || !config.queue.equals(key)) {
            problem(
                    problems,
                    name,
                    "does not hand its messages back to '" + config.queue + "' (x-dead-letter-exchange is "
                            + quoted(exchange) + " and must be '', x-dead-letter-routing-key is " + quoted(key)
                            + "): what is sent there would be lost");
        } else if (!"at-least-once".equals(seen.text("dead-letter-strategy"))) {
            problem(
                    problems,
                    name,
                    "may lose messages on their way back; x-dead-letter-strategy must be at-least-once");
        }
        Long kept = seen.number("message-ttl");
        if (kept != null && kept < Topology.millis(name)) {
            problem(problems, name, "keeps messages for " + kept + " ms, which is shorter than its name says");
        }
        if (seen.dropsWhatOverflows()) {
            problem(problems, name, "drops messages when it is full; x-overflow must be reject-publish");
        }
    }

    /** The same for the dead-letter queue; that it forgets old messages may be wanted, and is a warning. */
    static void deadLetterQueue(List<String> problems, List<String> warnings, String name, QueueDescription seen) {
        vanishing(problems, name, seen);
        boolean goesOn = seen.text("dead-letter-exchange") != null;
        if (!goesOn && (seen.number("message-ttl") != null || seen.dropsWhatOverflows())) {
            warnings.add("the dead-letter queue '" + name + "' drops messages that are old or too many");
        }
    }

    /** Looking takes messages and gives them back, which a broker of 4.0 to 4.2 counts; it drops them after twenty times. */
    static void forgettingWhatIsLookedAt(List<String> warnings, Broker broker, String name) {
        if (broker.limitsDeliveries() && broker.countsReleases()) {
            warnings.add("the dead-letter queue '" + name
                    + "' drops a message that was looked at twenty times; give it a large"
                    + " delivery limit by a policy, or make it anew");
        }
    }

    static void vanishing(List<String> problems, String name, QueueDescription seen) {
        seen.dangers().forEach(danger -> problem(problems, name, danger + ", with all that it holds"));
    }

    private static void problem(List<String> problems, String name, String what) {
        problems.add("queue: '" + name + "' " + what);
    }

    private static String quoted(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "not set" : "'" + Objects.requireNonNull(text) + "'";
    }
}
