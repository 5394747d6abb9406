package dev.claimant.sample.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What each scaler reads of a trigger's metadata. KEDA ignores a key that it does not know, so that a slip yields the default. */
final class MetadataRules {

    static final List<Rule<TriggerUse>> RULES = List.of(
            new Rule<>("metadata-unknown-key", MetadataRules::unknownKey),
            new Rule<>("metadata-missing-key", MetadataRules::missingKey),
            new Rule<>("metadata-exclusive-keys", MetadataRules::exclusiveKeys),
            new Rule<>("metadata-deprecated-key", MetadataRules::deprecatedKey),
            new Rule<>("metadata-value", MetadataRules::value),
            new Rule<>("authentication-parameter", MetadataRules::parameter));

    private MetadataRules() {}

    private static void unknownKey(TriggerUse trigger, Rule.Complaints complaints) {
        Map<?, ?> keys = keys(trigger);
        trigger.element().at("metadata").fields().forEach((name, field) -> {
            if (!keys.containsKey(name)) {
                String remedy = secrets(trigger).contains(name)
                        ? "Hand " + name + " over by a TriggerAuthentication; here it would be readable for all."
                        : remedy(name, keys);
                complaints.add(field, "the " + trigger.type() + " scaler reads no " + name, remedy);
            }
        });
    }

    private static String remedy(String name, Map<?, ?> keys) {
        return keys.keySet().stream()
                .map(String::valueOf)
                .filter(key -> Spelling.isClose(key, name))
                .findFirst()
                .map(key -> "Write " + key + ".")
                .orElse("It reads "
                        + String.join(
                                ", ",
                                new TreeSet<>(keys.keySet().stream()
                                        .map(String::valueOf)
                                        .toList())) + ".");
    }

    private static void missingKey(TriggerUse trigger, Rule.Complaints complaints) {
        for (List<?> alternatives : lists(trigger, "required")) {
            boolean given = alternatives.stream()
                    .anyMatch(keys ->
                            Arrays.stream(String.valueOf(keys).split("\\+")).allMatch(trigger::isGiven));
            if (!given) {
                String wanted = alternatives.stream()
                        .map(String::valueOf)
                        .map(keys -> keys.replace("+", " with "))
                        .collect(Collectors.joining(", or "));
                complaints.add(
                        trigger.element().at("metadata"),
                        "the " + trigger.type() + " scaler needs " + wanted,
                        "Add it to the metadata, or have a TriggerAuthentication hand it over where the scaler allows that.");
            }
        }
    }

    private static void exclusiveKeys(TriggerUse trigger, Rule.Complaints complaints) {
        for (List<?> keys : lists(trigger, "exclusive")) {
            List<Element> given = keys.stream()
                    .map(key -> trigger.metadata(String.valueOf(key)))
                    .filter(value -> value.isSet() && !value.text().equals("false"))
                    .toList();
            if (given.size() > 1) {
                Element last = given.get(1);
                complaints.add(last, last.name() + " excludes " + given.get(0).name(), "Remove one of the two.");
            }
        }
    }

    private static void deprecatedKey(TriggerUse trigger, Rule.Complaints complaints) {
        if (trigger.table("deprecated", Map.of()) instanceof Map<?, ?> deprecated) {
            deprecated.forEach((key, instead) -> {
                Element value = trigger.metadata(String.valueOf(key));
                if (value.isSet()) {
                    complaints.add(value, value.name() + " is deprecated", "Write " + instead + ".");
                }
            });
        }
    }

    private static void value(TriggerUse trigger, Rule.Complaints complaints) {
        keys(trigger).forEach((key, expression) -> {
            Element value = trigger.metadata(String.valueOf(key));
            ValueType type = new ValueType(String.valueOf(expression));
            if (value.isSet() && !type.isReadable(value.text())) {
                complaints.add(value, value.name() + " is " + value.text(), "Must be " + type.readable() + ".");
            }
        });
    }

    private static void parameter(TriggerUse trigger, Rule.Complaints complaints) {
        List<?> known = secrets(trigger);
        if (trigger.handedOver() != null && !known.isEmpty()) {
            trigger.handedOver().stream()
                    .filter(parameter -> !known.contains(parameter))
                    .forEach(parameter -> complaints.add(
                            trigger.element().at("authenticationRef", "name"),
                            "the TriggerAuthentication hands over " + parameter + ", which the " + trigger.type()
                                    + " scaler does not read",
                            "It reads " + known.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "."));
        }
    }

    private static Map<?, ?> keys(TriggerUse trigger) {
        return trigger.table("keys", Map.of()) instanceof Map<?, ?> keys ? keys : Map.of();
    }

    private static List<?> secrets(TriggerUse trigger) {
        return trigger.table("parameters", List.of()) instanceof List<?> parameters ? parameters : List.of();
    }

    private static List<List<?>> lists(TriggerUse trigger, String heading) {
        return trigger.table(heading, List.of()) instanceof List<?> lists
                ? lists.stream().<List<?>>map(list -> (List<?>) list).toList()
                : List.of();
    }
}
