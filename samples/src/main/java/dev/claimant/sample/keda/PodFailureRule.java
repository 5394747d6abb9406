package dev.claimant.sample.keda;

import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A rule of a {@code podFailurePolicy}: matches by exit codes or, where it names any, by conditions of the pod.
 *
 * @param exitCodes matched when they hold the exit code, or when they do not, as {@code operator} says
 */
public record PodFailureRule(Action action, Operator operator, Set<Integer> exitCodes, Set<String> conditions) {

    /** What becomes of the Job. */
    public enum Action {
        FAIL_JOB,
        IGNORE,
        COUNT
    }

    /** How the exit codes are meant. */
    public enum Operator {
        IN,
        NOT_IN
    }

    private static final Map<String, Action> ACTIONS =
            Map.of("FailJob", Action.FAIL_JOB, "Ignore", Action.IGNORE, "Count", Action.COUNT);
    private static final Map<String, Operator> OPERATORS = Map.of("In", Operator.IN, "NotIn", Operator.NOT_IN);

    static PodFailureRule read(Field rule, String container) {
        Action action = rule.at("action").choice(ACTIONS);
        Field onExitCodes = rule.at("onExitCodes");
        Field containerName = onExitCodes.at("containerName");
        if (!containerName.textOr(container).equals(container)) {
            throw containerName.wrong("must be " + container);
        }
        Set<String> conditions = new HashSet<>();
        for (Field pattern : rule.at("onPodConditions").items()) {
            if (!pattern.at("status").textOr("True").equals("True")) {
                throw pattern.at("status").wrong("must be \"True\"");
            }
            conditions.add(pattern.at("type").text());
        }
        if (onExitCodes.isSet() != conditions.isEmpty()) {
            throw rule.wrong("must have either onExitCodes or onPodConditions");
        }
        Set<Integer> exitCodes = new HashSet<>();
        onExitCodes.at("values").items().forEach(code -> exitCodes.add(code.number(0)));
        Operator operator = onExitCodes.isSet() ? onExitCodes.at("operator").choice(OPERATORS) : Operator.IN;
        return new PodFailureRule(action, operator, exitCodes, conditions);
    }

    boolean matches(FinishedPod pod) {
        return conditions.isEmpty()
                ? exitCodes.contains(pod.exitCode()) == (operator == Operator.IN)
                : !Collections.disjoint(conditions, pod.conditions());
    }
}
