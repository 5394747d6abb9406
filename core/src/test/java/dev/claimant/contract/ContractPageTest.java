package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is written about the rules is what they are. */
class ContractPageTest {

    private static final Path PAGE = Path.of("..", "docs", "contract.md");

    @Test
    void thePageSaysWhatTheRulesAre() throws IOException {
        Path generated = Results.DIRECTORY.resolve("contract.md");
        Files.createDirectories(Results.DIRECTORY);
        Files.writeString(generated, ContractPage.text());

        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("%s is not up to date: cp core/%s docs/", PAGE, generated)
                .isEqualTo(ContractPage.text());
    }

    @Test
    void everyTopicCountsItsRulesFromOne() {
        RuleInfo.all().stream()
                .collect(Collectors.groupingBy(
                        RuleInfo::topic, Collectors.mapping(RuleInfo::number, Collectors.toList())))
                .forEach((topic, numbers) -> assertThat(numbers)
                        .as(topic)
                        .isEqualTo(
                                IntStream.rangeClosed(1, numbers.size()).boxed().toList()));
    }

    @Test
    void aMustIsForEverySourceAndAMayForSome() {
        for (RuleInfo rule : RuleInfo.all()) {
            assertThat(rule.rule().when() == When.ALWAYS).as(rule.id()).isEqualTo(rule.must());
        }
    }

    @Test
    void aRuleIsOneSentence() {
        for (RuleInfo rule : RuleInfo.all()) {
            assertThat(rule.rule().value())
                    .as(rule.id())
                    .matches("[A-Z][^.]*\\.")
                    .doesNotContain("|");
        }
    }

    @Test
    void everyDeclinableCapabilityHasARuleForEachAnswer() {
        Set<When> used = RuleInfo.all().stream().map(rule -> rule.rule().when()).collect(Collectors.toSet());
        assertThat(used).containsAll(List.of(When.values()));
    }
}
