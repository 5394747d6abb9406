package dev.claimant.sample.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether what one manifest names is in another, and whether two manifests get in each other's way. */
final class ReferenceRules {

    static final List<Rule<Manifests>> RULES = List.of(
            new Rule<>("secret-key", ReferenceRules::secretKey), new Rule<>("one-scaler", ReferenceRules::oneScaler));

    private ReferenceRules() {}

    /** Of Secrets that are among the manifests. */
    private static void secretKey(Manifests manifests, Rule.Complaints complaints) {
        Map<String, Set<String>> keys = manifests
                .ofKind("Secret")
                .collect(Collectors.toMap(
                        secret -> secret.at("metadata", "name").text(),
                        secret -> Stream.of("data", "stringData")
                                .flatMap(part -> secret.at(part).fields().keySet().stream())
                                .collect(Collectors.toCollection(TreeSet::new)),
                        (one, other) -> other));
        manifests.documents().stream()
                .flatMap(Element::all)
                .flatMap(element -> Stream.concat(
                        Stream.of(element.at("secretKeyRef")), element.at("secretTargetRef").items().stream()))
                .forEach(reference -> {
                    Set<String> there = keys.get(reference.at("name").text());
                    if (there != null && !there.contains(reference.at("key").text())) {
                        complaints.add(
                                reference.at("key"),
                                "Secret " + reference.at("name").text() + " has no key "
                                        + reference.at("key").text(),
                                "It has " + String.join(", ", there) + ".");
                    }
                });
    }

    /** Only where the manifests are what is applied together; a folder may hold alternatives. */
    private static void oneScaler(Manifests manifests, Rule.Complaints complaints) {
        if (!manifests.appliedTogether()) {
            return;
        }
        Set<String> seen = new TreeSet<>();
        Stream.concat(manifests.ofKind("ScaledJob"), manifests.ofKind("ScaledObject"))
                .flatMap(document -> document.at("spec", "triggers").items().stream())
                .forEach(trigger -> {
                    if (!seen.add(source(trigger))) {
                        complaints.add(
                                trigger,
                                "another trigger counts the same source: both would start workers for all of its messages",
                                "Apply either the ScaledJob or the ScaledObject.");
                    }
                });
    }

    private static String source(Element trigger) {
        return trigger.at("type").text()
                + Stream.of(
                                "query",
                                "queueName",
                                "topicName",
                                "subscriptionName",
                                "queueURL",
                                "queueURLFromEnv",
                                "topic",
                                "consumerGroup",
                                "host",
                                "vhostName",
                                "namespace",
                                "url",
                                "serverAddress")
                        .map(key -> "\n" + trigger.at("metadata", key).text())
                        .collect(Collectors.joining())
                + "\n" + trigger.at("authenticationRef", "name").text();
    }
}
