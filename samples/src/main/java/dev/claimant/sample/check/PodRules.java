package dev.claimant.sample.check;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a worker's pod must say. */
final class PodRules {

    /** Kubernetes' default. */
    private static final double GRACE = 30;

    private static final double DRAIN = 20;
    private static final double FLUSH = 5;
    private static final double LONGEST_POLL = 20;
    /** The longest that a worker waits for its own threads once all is settled. */
    private static final double LAST_MOMENTS = 2;

    static final List<Rule<Pod>> RULES = List.of(
            new Rule<>("grace", PodRules::grace),
            new Rule<>("resources", PodRules::resources),
            new Rule<>("requests-above-limits", PodRules::requestsAboveLimits),
            new Rule<>("environment-from", PodRules::environmentFrom));

    private PodRules() {}

    private static void grace(Pod pod, Rule.Complaints complaints) {
        Element grace = pod.spec().at("terminationGracePeriodSeconds");
        double needed = pod.number("CLAIMANT_DRAIN_TIMEOUT_SECONDS", DRAIN)
                + pod.number("CLAIMANT_FLUSH_TIMEOUT_SECONDS", FLUSH)
                + lastRequest(pod)
                + LAST_MOMENTS;
        if (grace.numberOr(GRACE) <= needed) {
            complaints.add(
                    grace,
                    "the pod is killed " + (long) grace.numberOr(GRACE)
                            + " s after SIGTERM, and the worker may drain and flush for " + (long) needed + " s",
                    "Write a terminationGracePeriodSeconds above " + (long) needed
                            + ", or a shorter CLAIMANT_DRAIN_TIMEOUT_SECONDS.");
        }
    }

    /** A worker on SQS waits for the answer to its last request for messages, or they would stay locked. */
    private static double lastRequest(Pod pod) {
        return pod.variable("SQS_QUEUE_URL").isSet() ? pod.number("SQS_LONGEST_POLL_SECONDS", LONGEST_POLL) : 0;
    }

    private static void resources(Pod pod, Rule.Complaints complaints) {
        Map<String, String> wanted = Map.of(
                "requests.cpu", "the scheduler would put any number of workers on one node",
                "requests.memory", "the scheduler would put any number of workers on one node",
                "limits.memory", "one worker could take the memory of its node");
        wanted.keySet().stream().sorted().forEach(path -> {
            String[] names = path.split("\\.");
            Element value = pod.container().at("resources").at(names);
            if (!value.isSet()) {
                complaints.add(value, "resources." + path + " is missing: " + wanted.get(path), "Add it.");
            }
        });
    }

    private static void requestsAboveLimits(Pod pod, Rule.Complaints complaints) {
        Element limits = pod.container().at("resources", "limits");
        pod.container().at("resources", "requests").fields().forEach((name, request) -> {
            Element limit = limits.at(name);
            Optional<BigDecimal> most = Quantity.parse(limit.text());
            if (Quantity.parse(request.text())
                    .flatMap(amount -> most.map(amount::compareTo))
                    .filter(difference -> difference > 0)
                    .isPresent()) {
                complaints.add(
                        limit,
                        "the request of " + name + ", " + request.text() + ", is above its limit, " + limit.text()
                                + ": Kubernetes refuses every pod of it",
                        "Raise the limit or lower the request.");
            }
        });
    }

    private static void environmentFrom(Pod pod, Rule.Complaints complaints) {
        Element from = pod.container().at("envFrom");
        if (pod.isSample() && from.isSet()) {
            complaints.add(
                    from,
                    "the worker refuses variables that it does not know, and envFrom hands over whatever there is",
                    "Name each variable under env.");
        }
    }
}
