package dev.claimant.kafka;

import static org.awaitility.Awaitility.await;

import dev.claimant.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** A broker in a process of its own, which can be killed and started again on its directory. */
final class BrokerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KraftDirectory directory;
    private final Admin admin;
    private ChildProcess process;

    BrokerProcess(Map<String, String> special) throws IOException {
        directory = new KraftDirectory(KraftBroker.freePorts(2), Map.of(), special);
        process = launch();
        admin = Admin.create(Map.of("bootstrap.servers", directory.url()));
        awaitReachable();
    }

    String url() {
        return directory.url();
    }

    Admin admin() {
        return admin;
    }

    /** SIGKILL, in the middle of whatever it does. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** Where it keeps this partition. */
    Path log(String topic, int partition) {
        return directory.log(topic, partition);
    }

    /** After a kill; returns when it can be reached. */
    void startAgain() throws IOException {
        process = launch();
        awaitReachable();
    }

    private ChildProcess launch() throws IOException {
        return ChildProcess.java(List.of(
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                directory.file().toString()));
    }

    private void awaitReachable() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> !admin.describeCluster()
                        .nodes()
                        .get(5, TimeUnit.SECONDS)
                        .isEmpty());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        process.close();
        directory.delete();
    }
}
