package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.contract.ModularApplication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.simple.SimpleLoggerFactory;

class ModuleTest {

    private static final String BODY = """
            InMemoryQueue queue = new InMemoryQueue();
            queue.send(Message.of("m1", "hello"));
            Worker worker = Worker.builder(new InMemorySource(queue))
                    .managementPort(0)
                    .handler(claim -> System.out.println("handled " + claim.text()))
                    .build();
            worker.start();
            URL probe = URI.create("http://localhost:" + worker.managementPort() + "/livez").toURL();
            System.out.println("live: " + ((HttpURLConnection) probe.openConnection()).getResponseCode());
            while (queue.backlog().scaler() > 0) {
                Thread.onSpinWait();
            }
            worker.close();
            System.out.println("log: " + org.slf4j.LoggerFactory.getILoggerFactory().getClass().getSimpleName());
            """;

    @Test
    void aModularApplicationRunsAWorkerWithProbesAndALog(@TempDir Path directory) throws Exception {
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant; requires org.slf4j;",
                "import dev.claimant.*; import dev.claimant.memory.*; import java.net.*;",
                BODY,
                Worker.class,
                Logger.class,
                SimpleLoggerFactory.class,
                org.jspecify.annotations.Nullable.class);
        try (ChildProcess process = application.run()) {
            process.await("live: 200");
            process.await("handled hello");
            process.await("log: SimpleLoggerFactory");
            assertThat(process.exitCode()).isZero();
        }
    }
}
