package dev.claimant.sample.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.contract.Skeleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every backend of the repository has the skeleton that CONTRIBUTING describes. */
class SkeletonTest {

    private static final Path ROOT = Path.of("..");

    private static final Map<String, String> PREFIXES = Map.of(
            "postgres", "Postgres", "rabbitmq", "RabbitMq", "kafka", "Kafka", "sqs", "Sqs", "servicebus", "ServiceBus");

    @Test
    void everyBackendHasTheSameFilesForTheSameRoles() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<String> backends = modules.map(module -> module.getFileName().toString())
                    .filter(module -> module.startsWith("backend-"))
                    .map(module -> module.substring("backend-".length()))
                    .toList();
            assertThat(backends).contains("postgres", "rabbitmq", "kafka");
            for (String backend : backends) {
                Path files = ROOT.resolve("backend-" + backend + "/src/main/java/dev/claimant/" + backend);
                assertThat(Skeleton.differences(files, String.valueOf(PREFIXES.get(backend))))
                        .as(backend)
                        .isEmpty();
            }
        }
    }

    @Test
    void aRoleWithAnotherNameIsTold(@TempDir Path files) throws IOException {
        for (String name : List.of(
                "XSource",
                "XConfig",
                "XClaim",
                "XErrors",
                "StartupCheck",
                "Connections",
                "Claiming",
                "BacklogQuery",
                "Ledger",
                "DeadLetters")) {
            Files.writeString(files.resolve(name + ".java"), "package x;\n\nfinal class " + name + " {}\n");
        }

        assertThat(Skeleton.differences(files, "X"))
                .containsExactlyInAnyOrder(
                        "Settling is missing",
                        "Ledger is called Holding",
                        "DeadLetters is the public one, for operators or applications");
    }
}
