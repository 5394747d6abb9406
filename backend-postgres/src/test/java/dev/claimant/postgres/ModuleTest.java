package dev.claimant.postgres;

import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.contract.ModularApplication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;

class ModuleTest {

    private static final String BODY = """
            PGSimpleDataSource server = new PGSimpleDataSource();
            server.setUrl(args[0]);
            try (PostgresSource source = PostgresSource.queue(server, args[1]);
                    Worker worker = Worker.builder(source).handler(claim -> System.out.println("handled " + claim.text())).build()) {
                System.out.println("job: " + worker.runJob(JobOptions.messages(1)).exitCode());
            }
            """;

    @Test
    void aModularApplicationWorksOnAMessage(@TempDir Path directory) throws Exception {
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant.postgres; requires org.postgresql.jdbc;",
                "import dev.claimant.*; import dev.claimant.postgres.*; import org.postgresql.ds.PGSimpleDataSource;",
                BODY,
                PostgresSource.class,
                Worker.class,
                PGSimpleDataSource.class,
                Logger.class,
                org.jspecify.annotations.Nullable.class);
        try (TestQueue queue = new TestQueue()) {
            queue.enqueue("hello");
            try (ChildProcess process = application.run(queue.database.url(), queue.name)) {
                process.await("handled hello");
                process.await("job: 0");
            }
        }
    }
}
