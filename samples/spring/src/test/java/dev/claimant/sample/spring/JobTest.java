package dev.claimant.sample.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.JobResult;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shop's process as a Job ends with the exit code that Kubernetes needs, with and without a web server. */
class JobTest {

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void theProcessEndsWithTheJobsExitCode() throws Exception {
        ShopDatabase database = new ShopDatabase();
        PostgresSource.migrate(database.dataSource());
        PostgresQueue orders = new PostgresQueue(database.dataSource(), "orders");
        orders.enqueue("{\"id\": 1, \"item\": \"tea\"}");
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ShopProcess done = job("done", database, "orders");
                ShopProcess wrong = job("wrong", database, "nobody")) {
            deaf.close(); // nothing listens there any more
            try (ShopProcess unreachable = job(
                    "unreachable",
                    database,
                    "orders",
                    "--spring.datasource.url=" + database.url(deaf.getLocalPort()),
                    "--spring.main.web-application-type=none")) {
                assertThat(done.awaitExitCode()).as(done.log()).isEqualTo(JobResult.DONE);
                orders.enqueue("{\"id\": 2, \"item\": \"unicorn\"}");
                try (ShopProcess reserved = job("reserved", database, "orders", "--claimant.job.owner=job-1")) {
                    assertThat(reserved.awaitExitCode()).as(reserved.log()).isEqualTo(JobResult.RESERVED);
                }
                assertThat(wrong.awaitExitCode()).as(wrong.log()).isEqualTo(JobResult.MISCONFIGURED);
                assertThat(wrong.log()).contains("claimant.job.worker: 'nobody' is none of them");
                assertThat(unreachable.awaitExitCode()).as(unreachable.log()).isEqualTo(JobResult.TRY_AGAIN);
            }
        }
        assertThat(database.count("shipment")).isOne();
    }

    private ShopProcess job(String name, ShopDatabase database, String worker, String... more) throws Exception {
        String[] arguments = new String[more.length + 2];
        System.arraycopy(more, 0, arguments, 2, more.length);
        arguments[0] = "--claimant.job.enabled=true";
        arguments[1] = "--claimant.job.worker=" + worker;
        return ShopProcess.start(folder.resolve(name), database, arguments);
    }
}
