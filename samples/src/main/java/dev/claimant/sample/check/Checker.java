package dev.claimant.sample.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Applies all rules to the documents of one argument. */
final class Checker {

    /** What came out: what is wrong, and what nobody looked at. */
    record Result(List<Finding> findings, List<String> unchecked) {}

    private final OptionalInt partitions;

    Checker(OptionalInt partitions) {
        this.partitions = partitions;
    }

    /** The name of every rule. */
    static List<String> ruleNames() {
        Stream<? extends List<? extends Rule<?>>> groups = Stream.of(
                FieldRules.RULES,
                MetadataRules.RULES,
                CountRules.RULES,
                JobRules.RULES,
                ReplicaRules.RULES,
                KafkaRules.RULES,
                PodRules.RULES,
                EnvironmentRules.RULES,
                ReferenceRules.RULES);
        return Stream.concat(
                        Stream.of("yaml", "resource"),
                        groups.flatMap(List::stream).map(Rule::name))
                .toList();
    }

    Result check(Manifests manifests) {
        List<Finding> findings = new ArrayList<>(manifests.broken());
        List<String> unchecked = new ArrayList<>(manifests.unchecked());
        for (Element document : manifests.documents()) {
            Rule.all(FieldRules.RULES, document).forEach(findings::add);
        }
        Rule.all(ReferenceRules.RULES, manifests).forEach(findings::add);
        Set<Element> checkedPods = new HashSet<>();
        Stream.concat(manifests.ofKind("ScaledJob"), manifests.ofKind("ScaledObject"))
                .map(document -> scaled(document, manifests))
                .forEach(scaled -> check(scaled, checkedPods, findings, unchecked));
        manifests
                .ofKind("Deployment")
                .map(deployment -> Pod.of(deployment.at("spec", "template"), ""))
                .filter(pod -> pod.isSample() && checkedPods.add(pod.container()))
                .forEach(pod -> check(pod, findings));
        return new Result(findings.stream().distinct().sorted(Finding.BY_PLACE).toList(), unchecked);
    }

    private void check(Scaled scaled, Set<Element> checkedPods, List<Finding> findings, List<String> unchecked) {
        Stream.of(CountRules.RULES, JobRules.RULES, ReplicaRules.RULES, KafkaRules.RULES)
                .flatMap(rules -> Rule.all(rules, scaled))
                .forEach(findings::add);
        scaled.triggers().stream()
                .filter(TriggerUse::isKnown)
                .flatMap(trigger -> Rule.all(MetadataRules.RULES, trigger))
                .forEach(findings::add);
        if (scaled.pod() != null && checkedPods.add(scaled.pod().container())) {
            check(scaled.pod(), findings);
        }
        noteUnchecked(scaled, unchecked);
    }

    private static void check(Pod pod, List<Finding> findings) {
        Rule.all(PodRules.RULES, pod).forEach(findings::add);
        Rule.all(EnvironmentRules.RULES, pod).forEach(findings::add);
    }

    private static void noteUnchecked(Scaled scaled, List<String> unchecked) {
        for (TriggerUse trigger : scaled.triggers()) {
            if (!trigger.isKnown()) {
                unchecked.add(scaled.name() + ": the " + trigger.type() + " trigger, a scaler without rules here");
            } else if (trigger.type().equals("postgresql") && trigger.count() == TriggerUse.Count.UNKNOWN) {
                unchecked.add(
                        scaled.name() + ": what its query counts; claimant.scaler('queue') counts work in flight, too");
            }
            if (trigger.element().at("authenticationRef").isSet() && trigger.handedOver() == null) {
                unchecked.add(scaled.name() + ": the TriggerAuthentication "
                        + trigger.element().at("authenticationRef", "name").text() + ", which is not among the files");
            }
        }
        if (scaled.triggers().stream().anyMatch(TriggerUse::isKafka)
                && KafkaRules.partitionsOf(scaled).isEmpty()) {
            unchecked.add(
                    scaled.name() + ": whether there are as many partitions as workers; --partitions N says how many");
        }
        if (scaled.pod() == null) {
            Element target = scaled.spec("scaleTargetRef");
            unchecked.add(scaled.name() + ": its " + target.at("kind").textOr("Deployment") + " "
                    + target.at("name").text() + ", which is not among the files");
        }
    }

    private Scaled scaled(Element document, Manifests manifests) {
        boolean job = document.at("kind").text().equals("ScaledJob");
        Element workload = job ? document : target(document, manifests);
        Element template = workload == null
                ? null
                : job ? document.at("spec", "jobTargetRef", "template") : workload.at("spec", "template");
        Element source = job ? document.at("spec") : document.at("spec", "scaleTargetRef");
        Pod pod = template == null
                ? null
                : Pod.of(template, source.at("envSourceContainerName").text());
        List<TriggerUse> triggers = document.at("spec", "triggers").items().stream()
                .map(trigger -> new TriggerUse(trigger, handedOver(trigger, manifests)))
                .toList();
        return new Scaled(document, triggers, workload, pod, partitions);
    }

    private static @Nullable Element target(Element scaledObject, Manifests manifests) {
        Element target = scaledObject.at("spec", "scaleTargetRef");
        return manifests
                .ofKind(target.at("kind").textOr("Deployment"))
                .filter(workload -> workload.at("metadata", "name")
                        .text()
                        .equals(target.at("name").text()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Set<String> handedOver(Element trigger, Manifests manifests) {
        Element reference = trigger.at("authenticationRef");
        if (!reference.isSet()) {
            return Set.of();
        }
        return manifests
                .ofKind(reference.at("kind").textOr("TriggerAuthentication"))
                .filter(known -> known.at("metadata", "name")
                        .text()
                        .equals(reference.at("name").text()))
                .findFirst()
                .map(Checker::parameters)
                .orElse(null);
    }

    /** Null where they come from somewhere that names them otherwise. */
    private static @Nullable Set<String> parameters(Element authentication) {
        Set<String> parameters = new HashSet<>();
        authentication
                .at("spec")
                .all()
                .map(element -> element.at("parameter"))
                .filter(Element::isSet)
                .forEach(parameter -> parameters.add(parameter.text()));
        return authentication.at("spec", "podIdentity").isSet() ? null : parameters;
    }
}
