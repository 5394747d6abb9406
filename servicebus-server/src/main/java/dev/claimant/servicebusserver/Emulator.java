package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.testcontainers.azure.ServiceBusEmulatorContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.mssqlserver.MSSQLServerContainer;
import org.testcontainers.utility.DockerImageName;

/** Microsoft's emulator and the SQL Server that it needs, in containers. Written where there is no Docker, and not run yet. */
final class Emulator {

    static final String IMAGE = "mcr.microsoft.com/azure-messaging/servicebus-emulator:2.0.1";
    private static final String DATABASE = "mcr.microsoft.com/mssql/server:2022-latest";

    private static final int ADMINISTRATION = 5300;

    private Emulator() {}

    /** Starts it, for as long as this JVM runs. */
    @SuppressWarnings("resource") // Testcontainers ends its containers with the JVM
    static GivenServer start(Duration lock) {
        Network network = Network.newNetwork();
        MSSQLServerContainer database = new MSSQLServerContainer(DockerImageName.parse(DATABASE))
                .acceptLicense()
                .withNetwork(network);
        ServiceBusEmulatorContainer emulator = new ServiceBusEmulatorContainer(DockerImageName.parse(IMAGE))
                .acceptLicense()
                .withConfig(Transferable.of(configuration(GivenEntities.all(lock))))
                .withMsSqlServerContainer(database)
                .withNetwork(network);
        emulator.addExposedPort(ADMINISTRATION);
        emulator.start();
        return new GivenServer(
                "Microsoft's emulator",
                emulator.getConnectionString(),
                "http://localhost:" + emulator.getMappedPort(ADMINISTRATION),
                lock,
                1); // it has ten connections, and a rule takes up to six
    }

    static String configuration(Map<String, EntityOptions> entities) {
        List<String> queues = new ArrayList<>();
        List<String> topics = new ArrayList<>();
        TreeSet<String> topicNames = new TreeSet<>();
        entities.forEach((path, options) -> {
            int end = path.indexOf(Entities.SUBSCRIPTIONS);
            if (end < 0) {
                queues.add(entity(path, options));
            } else {
                topicNames.add(path.substring(0, end));
            }
        });
        for (String topic : topicNames) {
            List<String> subscriptions = new ArrayList<>();
            String prefix = topic + Entities.SUBSCRIPTIONS;
            entities.forEach((path, options) -> {
                if (path.startsWith(prefix)) {
                    subscriptions.add(entity(path.substring(prefix.length()), options));
                }
            });
            topics.add("{\"Name\":\"" + topic + "\",\"Subscriptions\":" + subscriptions + "}");
        }
        return "{\"UserConfig\":{\"Namespaces\":[{\"Name\":\"sbemulatorns\",\"Queues\":" + queues + ",\"Topics\":"
                + topics + "}],\"Logging\":{\"Type\":\"File\"}}}";
    }

    private static String entity(String name, EntityOptions options) {
        Duration live = options.timeToLive();
        Duration window = options.duplicateWindow();
        return "{\"Name\":\"" + name + "\",\"Properties\":{\"LockDuration\":\"" + options.lockDuration()
                + "\",\"MaxDeliveryCount\":" + options.maxDeliveryCount() + ",\"RequiresSession\":"
                + options.requiresSession()
                + ",\"DeadLetteringOnMessageExpiration\":" + options.deadLetterOnExpiration()
                + (live == null ? "" : ",\"DefaultMessageTimeToLive\":\"" + live + "\"")
                + (window == null
                        ? ""
                        : ",\"RequiresDuplicateDetection\":true,\"DuplicateDetectionHistoryTimeWindow\":\"" + window
                                + "\"")
                + "}}";
    }
}
