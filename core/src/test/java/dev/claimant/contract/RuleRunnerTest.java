package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.claimant.memory.InMemoryQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the contract as a backend does, on a source with one defect. */
class RuleRunnerTest {

    static class OneDefect implements SourceContract {
        @Override
        public Harness newHarness() {
            return BrokenSources.ALL.stream()
                    .filter(defect -> defect.rule().equals("LATE-1"))
                    .findFirst()
                    .orElseThrow()
                    .on(() -> new InMemoryHarness("one defect", InMemoryQueue.allCapabilities()))
                    .harness();
        }
    }

    @Test
    void everyRuleIsATestAndOnlyTheBrokenOneFails() throws IOException {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(OneDefect.class))
                                .build(),
                        listener);

        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getTestsFoundCount()).isEqualTo(RuleInfo.all().size());
        assertThat(summary.getTestsSkippedCount()).isZero();
        assertThat(summary.getFailures()).singleElement().satisfies(failure -> {
            assertThat(failure.getTestIdentifier().getDisplayName()).startsWith("must_LATE_1_aLateCompleteIsLost");
            assertThat(failure.getException())
                    .hasMessageStartingWith("LATE-1: A late completion is LOST")
                    .hasMessageContaining(
                            "If this fails, look at a settlement that names the message and not the claim");
        });
        assertResults();
    }

    private static void assertResults() throws IOException {
        Path file = Results.DIRECTORY.resolve("one-defect.tsv");
        List<String> lines = Files.readAllLines(file);
        Files.delete(file);
        assertThat(lines)
                .contains("source\tone defect", "capability\tfencing\ttrue")
                .anyMatch(line -> line.startsWith("rule\tLATE-1\tMUST\tA late") && line.endsWith("\tbroken\t"))
                .anyMatch(line -> line.startsWith("rule\tLATE-2\t") && line.endsWith("\tkept\t"))
                .anyMatch(line ->
                        line.startsWith("rule\tDEAD-6\tMAY\t") && line.endsWith("\t-\tonly for no dead letters"));
    }
}
