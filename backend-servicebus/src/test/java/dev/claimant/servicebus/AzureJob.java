package dev.claimant.servicebus;

import com.azure.identity.WorkloadIdentityCredentialBuilder;
import dev.claimant.ConfigurationException;
import dev.claimant.JobOptions;
import dev.claimant.SourceException;
import dev.claimant.Worker;
import java.time.Duration;

/** A Job that reaches Service Bus through an HTTP proxy, with the proxy and the certificates that its JVM was given. */
final class AzureJob {

    /** On a machine that does much else. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private AzureJob() {}

    /**
     * Prints what it does.
     *
     * @param args the number of messages; then a connection string, or {@code identity} and where the token of the cluster is
     */
    public static void main(String[] args) {
        ServiceBusConfig.Builder config =
                ServiceBusConfig.queue("orders").webSockets().requestTimeout(PATIENCE);
        if (args[1].equals("identity")) {
            config.identity(
                    AzureFront.NAMESPACE,
                    new WorkloadIdentityCredentialBuilder()
                            .tenantId("a-tenant")
                            .clientId("a-client")
                            .tokenFilePath(args[2])
                            .build());
        } else {
            config.connectionString(args[1]);
        }
        try (ServiceBusSource source = ServiceBusSource.of(config.build());
                Worker worker = Worker.builder(source)
                        .handler(claim -> System.out.println("handled " + claim.text()))
                        .build()) {
            System.out.println(backlog(source));
            System.out.println("job "
                    + worker.runJob(JobOptions.messages(Integer.parseInt(args[0]))
                                    .idleTimeout(PATIENCE))
                            .exitCode());
        } catch (ConfigurationException e) {
            e.problems().forEach(System.out::println);
        }
        System.exit(0); // threads of the SDK stay
    }

    private static String backlog(ServiceBusSource source) {
        try {
            return "backlog " + source.backlog().scaler();
        } catch (SourceException e) {
            return "no backlog: " + e.getMessage();
        }
    }
}
