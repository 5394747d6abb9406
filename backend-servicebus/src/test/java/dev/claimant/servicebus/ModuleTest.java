package dev.claimant.servicebus;

import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.contract.ModularApplication;
import dev.claimant.contract.Sending;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class ModuleTest {

    private static final Pattern SDK = Pattern.compile("/(azure|reactor|reactive|jackson|proton|qpid)[^/]*\\.jar$");

    private static final String BODY = """
            ServiceBusConfig config = ServiceBusConfig.queue("orders")
                    .connectionString(args[0])
                    .administrationEndpoint(args[1])
                    .build();
            try (ServiceBusSource source = ServiceBusSource.of(config);
                    Worker worker = Worker.builder(source).handler(claim -> System.out.println("handled " + claim.text())).build()) {
                System.out.println("job: " + worker.runJob(JobOptions.messages(1)).exitCode());
            }
            """;

    @Test
    void aModularApplicationWorksOnAMessage(@TempDir Path directory) throws Exception {
        List<Path> libraries = new ArrayList<>(ModularApplication.locationsOf(
                ServiceBusSource.class, Worker.class, Logger.class, org.jspecify.annotations.Nullable.class));
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> SDK.matcher(jar).find())
                .map(Path::of)
                .forEach(libraries::add);
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant.servicebus;",
                "import dev.claimant.*; import dev.claimant.servicebus.*;",
                BODY,
                libraries);
        try (TestEntity entity = new TestEntity(null)) {
            entity.send(new Sending("hello".getBytes(StandardCharsets.UTF_8), Map.of(), null));
            try (ChildProcess process = application.run(
                    entity.server.connectionString(), "http://localhost:" + entity.server.adminPort())) {
                process.await("handled hello");
                process.await("job: 0");
            }
        }
    }
}
