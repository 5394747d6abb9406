package dev.claimant.sample.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    static List<String> rules() {
        return Checker.ruleNames();
    }

    @Test
    void everyRuleHasABrokenManifestAndANameOfItsOwn() {
        assertThat(rules()).doesNotHaveDuplicates();
        assertThat(BrokenManifest.rules().stream().map(String::valueOf).toList())
                .containsExactlyInAnyOrderElementsOf(rules());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theBrokenManifestTripsItsRuleAndNoOther(String rule) throws IOException {
        BrokenManifest broken = BrokenManifest.of(rule);

        List<Finding> findings = check(broken.text());

        assertThat(findings.stream().map(Finding::rule).collect(Collectors.toSet()))
                .containsExactly(rule);
        assertThat(findings).allSatisfy(finding -> {
            String line = broken.text().lines().toList().get(finding.line() - 1).strip();
            assertThat(line).startsWith(broken.line());
            assertThat(finding.problem()).isNotBlank();
            assertThat(finding.remedy()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres jobs",
                "postgres workers",
                "rabbitmq jobs",
                "rabbitmq workers",
                "sqs jobs",
                "sqs workers",
                "kafka jobs",
                "kafka workers",
                "servicebus jobs",
                "servicebus workers",
                "sample"
            })
    void theManifestsOfAQueueOfOnesOwnAreSound(String base) throws IOException {
        assertThat(check(BrokenManifest.base(base))).isEmpty();
    }

    private static List<Finding> check(String text) throws IOException {
        Manifests manifests = Manifests.read("-", new ByteArrayInputStream(text.getBytes(UTF_8)));
        return new Checker(OptionalInt.of(10)).check(manifests).findings();
    }
}
