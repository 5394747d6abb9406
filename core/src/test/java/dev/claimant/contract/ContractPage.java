package dev.claimant.contract;

import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All rules, and the broken source of each, as a page to read: {@code docs/contract.md}. */
final class ContractPage {

    private static final String HEAD = """
            # The contract of a source

            What core relies on, as rules; every backend runs them against a real broker. MUST binds every source; MAY binds those that
            declare the capability named. Beside each rule stands the source that breaks it on purpose: a rule that no broken source
            trips is not a rule. Where breaking one rule breaks others, they are named. Which source keeps which rule:
            [capabilities.md](capabilities.md).

            Made from the rules and the broken sources in core's tests (`dev.claimant.contract`); a test compares.
            """;

    private ContractPage() {}

    static String text() {
        Map<String, Defect> defects =
                BrokenSources.ALL.stream().collect(Collectors.toMap(Defect::rule, Function.identity()));
        StringBuilder page = new StringBuilder(HEAD);
        String topic = "";
        for (RuleInfo rule : RuleInfo.all()) {
            if (!rule.topic().equals(topic)) {
                topic = rule.topic();
                page.append("\n## ")
                        .append(topic)
                        .append("\n\n| rule | demands | is broken by a source that |\n|---|---|---|\n");
            }
            page.append(row(rule, Objects.requireNonNull(defects.get(rule.id()), rule.id())));
        }
        return page.toString();
    }

    private static String row(RuleInfo rule, Defect defect) {
        String when = rule.must() ? "" : ", for " + rule.rule().when().what;
        String also =
                defect.also().isEmpty() ? "" : " (breaks also " + String.join(", ", new TreeSet<>(defect.also())) + ")";
        return "| " + rule.id() + " " + rule.force() + when + " | "
                + rule.rule().value() + " | " + defect.what() + also + " |\n";
    }
}
