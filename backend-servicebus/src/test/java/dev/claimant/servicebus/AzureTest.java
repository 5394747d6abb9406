package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.ChildProcess;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.Right;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client as in a cluster that lets out HTTPS only, and by a proxy: TLS, AMQP over WebSockets, keys and identities, the administration API. */
class AzureTest {

    private static final String KEY = "a-key-that-nobody-may-see";

    @TempDir
    Path directory;

    private final TestEntity entity = new TestEntity(null);

    @AfterEach
    void endServer() {
        entity.close();
    }

    private void send(String text) {
        entity.send(new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null));
    }

    /** Everything that the library logs is in a file, and what the SDK logs of what matters. */
    private ChildProcess job(AzureFront front, String... arguments) throws Exception {
        List<String> options = new ArrayList<>(front.options());
        options.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.logFile=" + log(),
                "-Dorg.slf4j.simpleLogger.log.dev.claimant=trace",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"));
        return ChildProcess.start(options, AzureJob.class, arguments);
    }

    private Path log() {
        return directory.resolve("log");
    }

    @Test
    void aWorkerBehindAnHttpProxyClaimsOverWebSockets() throws Exception {
        String large = "x".repeat(100_000);
        send("small");
        send(large);
        entity.server.addKey("worker", KEY, Right.MANAGE);
        String connectionString =
                "Endpoint=sb://" + AzureFront.NAMESPACE + "/;SharedAccessKeyName=worker;SharedAccessKey=" + KEY;
        try (AzureFront front = new AzureFront(entity.server, directory);
                ChildProcess job = job(front, "2", connectionString)) {
            job.await("backlog 2");
            job.await("handled small");
            job.await("handled " + large);
            job.await("job 0");
        }
        assertThat(entity.server.counts(entity.path()).active()).isZero();
        assertThat(Files.readString(log())).doesNotContain(KEY).doesNotContain("sig=");
    }

    @Test
    void aWorkloadIdentityNeedsNoKey() throws Exception {
        send("hello");
        try (AzureFront front = new AzureFront(entity.server, directory, Right.MANAGE);
                ChildProcess job = job(
                        front,
                        "1",
                        "identity",
                        AzureFront.workloadToken(directory).toString())) {
            job.await("backlog 1");
            job.await("handled hello");
            job.await("job 0");
            assertThat(front.issued()).isNotEqualTo("none");
            assertThat(Files.readString(log()))
                    .doesNotContain(AzureFront.WORKLOAD)
                    .doesNotContain(front.issued());
        }
    }

    @Test
    void anIdentityWithoutTheRightIsNamed() throws Exception {
        try (AzureFront front = new AzureFront(entity.server, directory, Right.SEND);
                ChildProcess job = job(
                        front,
                        "1",
                        "identity",
                        AzureFront.workloadToken(directory).toString())) {
            job.await(
                    "no backlog: the administration API refuses to tell about 'orders' (HTTP 401): the key or identity needs the right Manage");
            job.await("job 78");
            assertThat(Files.readString(log()))
                    .contains("identity: 'orders': ")
                    .contains("'LISTEN' claim(s) are required");
        }
    }

    @Test
    void aWrongKeyIsNamedAndNotShown() throws Exception {
        String connectionString =
                "Endpoint=sb://" + AzureFront.NAMESPACE + "/;SharedAccessKeyName=worker;SharedAccessKey=" + KEY;
        try (AzureFront front = new AzureFront(entity.server, directory);
                ChildProcess job = job(front, "1", connectionString)) {
            job.await("job 78");
        }
        assertThat(Files.readString(log()))
                .contains("connectionString: 'orders': ")
                .doesNotContain(KEY)
                .doesNotContain("sig=");
    }
}
