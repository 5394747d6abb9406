package dev.claimant.contract;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What there is to know about a rule without running it. */
record RuleInfo(Method method, String topic, int number, boolean must, Rule rule) {

    private static final Pattern NAME = Pattern.compile("(must|may)_([A-Z]+)_(\\d+)_([a-z]\\w+)");

    static RuleInfo of(Method method) {
        Matcher name = NAME.matcher(method.getName());
        Rule rule = method.getAnnotation(Rule.class);
        if (rule == null || !name.matches()) {
            throw new IllegalArgumentException(method.getName() + " is not a rule: " + NAME);
        }
        return new RuleInfo(
                method,
                name.group(2),
                Integer.parseInt(name.group(3)),
                name.group(1).equals("must"),
                rule);
    }

    /** All rules, topic by topic in the order of the contract. */
    static List<RuleInfo> all() {
        return Arrays.stream(SourceContract.class.getInterfaces())
                .flatMap(topic -> Arrays.stream(topic.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Rule.class))
                        .map(RuleInfo::of)
                        .sorted(Comparator.comparingInt(RuleInfo::number)))
                .toList();
    }

    String id() {
        return topic + "-" + number;
    }

    String force() {
        return must ? "MUST" : "MAY";
    }
}
