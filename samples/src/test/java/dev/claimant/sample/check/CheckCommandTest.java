package dev.claimant.sample.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimant.sample.Arguments;
import dev.claimant.sample.UsageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckCommandTest {

    private static final Path DEPLOY = Path.of("..", "deploy");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.startsWith(DEPLOY.resolve("chart"))) // templates; ChartTest has them rendered
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void theShippedManifestsAreSound(Path folder) throws IOException {
        assertThat(run("-f", folder.toString())).as(printed.toString(UTF_8)).isZero();
        assertThat(printed.toString(UTF_8)).contains(" findings=0");
    }

    @Test
    void allFindingsOfAllFilesAreToldAtOnceWithFileLineAndRemedy() throws IOException {
        Path one = write("one.yaml", BrokenManifest.of("backoff-limit").text());
        Path two = write(
                "two.yaml", BrokenManifest.of("grace").text().replace("pollingInterval: 5", "poolingInterval: 5"));

        assertThat(run("-f", folder.toString())).isEqualTo(1);

        assertThat(printed.toString(UTF_8))
                .contains(one + ":", ": backoff-limit: ", "Write backoffLimit: 3")
                .contains(two + ":", ": grace: ", ": unknown-field: spec.poolingInterval", "Write pollingInterval.")
                .endsWith("documents=6 findings=3\n");
    }

    @Test
    void aScalerWithoutRulesIsNamedAndDoesNotFail() throws IOException {
        String cron = BrokenManifest.base("postgres workers").replace("type: postgresql", "type: cron");

        assertThat(run("-f", write("cron.yaml", cron).toString())).isZero();

        assertThat(printed.toString(UTF_8)).contains("not checked: ScaledObject emails: the cron trigger");
    }

    @Test
    void whatAFileAloneCannotTellIsNamed() throws IOException {
        String kafka = BrokenManifest.base("kafka workers");
        String scaledObject = kafka.substring(kafka.lastIndexOf("---\n"));

        assertThat(run("-f", write("scaledobject.yaml", scaledObject).toString()))
                .isZero();

        assertThat(printed.toString(UTF_8))
                .contains("its Deployment emails, which is not among the files")
                .contains("the TriggerAuthentication emails, which is not among the files")
                .contains("--partitions N");
    }

    @Test
    void aKustomizationStandsForItsResources() throws IOException {
        write("jobs.yaml", BrokenManifest.base("postgres jobs"));
        write("alternative.yaml", BrokenManifest.base("postgres workers"));
        Path kustomization = write("kustomization.yaml", "kind: Kustomization\nresources: [jobs.yaml]\npatches: []\n");

        assertThat(run("-f", kustomization.toString())).isZero();
        assertThat(printed.toString(UTF_8)).contains("patches; for the result: kubectl kustomize");

        write("kustomization.yaml", "kind: Kustomization\nresources: [jobs.yaml, alternative.yaml]\n");
        assertThat(run("-f", kustomization.toString())).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains(": one-scaler: ");
    }

    @Test
    void theStandardInputIsRead() throws IOException {
        InputStream in =
                new ByteArrayInputStream(BrokenManifest.of("rollout").text().getBytes(UTF_8));

        int exitCode = CheckCommand.run(new Arguments(List.of("-f", "-")), in, new PrintStream(printed, true, UTF_8));

        assertThat(exitCode).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("-:", ": rollout: ");
    }

    @Test
    void aFileThatIsNotThereIsAnErrorOfUsage() {
        assertThatThrownBy(() -> run("-f", "absent.yaml"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("absent.yaml");
        assertThatThrownBy(this::run).isInstanceOf(UsageException.class).hasMessageContaining("-f FILE");
    }

    private int run(String... arguments) throws IOException {
        return CheckCommand.run(
                new Arguments(List.of(arguments)),
                InputStream.nullInputStream(),
                new PrintStream(printed, true, UTF_8));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
