package dev.claimant.sample.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that every manifest must keep to.
 *
 * @param name as findings print it
 * @param check what it looks at
 * @param <T> what the rule is about: a document, a trigger, a scaled workload
 */
record Rule<T>(String name, Check<T> check) {

    /** Looks at one subject. */
    interface Check<T> {
        void look(T subject, Complaints complaints);
    }

    /** Where a rule says what it found. */
    interface Complaints {
        void add(Element at, String problem, String remedy);
    }

    /** What is wrong with a subject by this rule. */
    Stream<Finding> findings(T subject) {
        Stream.Builder<Finding> found = Stream.builder();
        check.look(subject, (at, problem, remedy) -> found.add(Finding.at(at, name, problem, remedy)));
        return found.build();
    }

    static <T> Stream<Finding> all(List<Rule<T>> rules, T subject) {
        return rules.stream().flatMap(rule -> rule.findings(subject));
    }
}
