package dev.claimant.sample.readme;

import dev.claimant.JobOptions;
import dev.claimant.Worker;
import dev.claimant.postgres.PostgresSource;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Started with "worker" or "job", as the manifests do, and with the variables that they set. */
public final class EmailWorker {

    public static void main(String[] args) {
        Map<String, String> env = System.getenv();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(env.get("DATABASE_URL"));
        try (PostgresSource source = PostgresSource.queue(database, "emails");
                Worker worker = Worker.builder(source)
                        .slots(Integer.parseInt(env.getOrDefault("CLAIMANT_SLOTS", "1")))
                        .managementPort(8080)
                        .handler(claim -> send(claim.text()))
                        .build()) {
            if (args[0].equals("job")) {
                JobOptions one = JobOptions.messages(1).owner(env.get("CLAIMANT_OWNER"));
                System.exit(worker.runJob(one).exitCode());
            }
            worker.run();
        }
    }

    private static void send(String email) {
        System.out.println(email);
    }
}
