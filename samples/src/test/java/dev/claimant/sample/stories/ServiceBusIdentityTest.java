package dev.claimant.sample.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.JobResult;
import dev.claimant.sample.KubeTools;
import dev.claimant.sample.cluster.Pod;
import dev.claimant.sample.cluster.Pods;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.ScaledJob;
import dev.claimant.servicebus.AzureFront;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods as the component workload-identity has them, with what Azure's webhook adds: the login is a token of Entra ID, and there is no key. */
class ServiceBusIdentityTest {

    private static final Path DEPLOY = Path.of("..", "deploy", "servicebus");

    private static final int PODS = 5;

    @TempDir
    Path folder;

    @Test
    void whoeverSendsAndWhoeverWorksLogInByTheirIdentities() throws Exception {
        try (ServiceBusServer server = ServiceBusServer.start();
                AzureFront forProducers = azure(server, "producer", Right.SEND);
                AzureFront forWorkers = azure(server, "worker", Right.LISTEN)) {
            server.addQueue("hello", EntityOptions.defaults().maxDeliveryCount(20));

            run(forProducers, "send", "1", "0");
            String worked = run(forWorkers, "job");

            assertThat(worked).contains("Hello 1!").contains("\"completed\":1");
            assertThat(worked).doesNotContain(AzureFront.WORKLOAD).doesNotContain(forWorkers.issued());
        }
    }

    private AzureFront azure(ServiceBusServer server, String identity, Right right) throws Exception {
        return new AzureFront(server, Files.createDirectory(folder.resolve(identity)), right);
    }

    /** Returns what it has said. On a busy machine Azure may not answer in time: then there is another pod, as in a cluster. */
    private String run(AzureFront azure, String... arguments) throws Exception {
        Path manifests = Files.createTempDirectory(folder, "manifests");
        KubeTools.write(DEPLOY.resolve("jobs"), DEPLOY.resolve("workload-identity"), manifests);
        PodTemplate template =
                ScaledJob.read(manifests.resolve("scaledjob.yaml")).job().pod().withArgs(List.of(arguments));
        Map<String, String> webhook = new HashMap<>(Map.of(
                "AZURE_CLIENT_ID", "a-client",
                "AZURE_TENANT_ID", "a-tenant",
                "AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/",
                "AZURE_FEDERATED_TOKEN_FILE", AzureFront.workloadToken(folder).toString()));
        webhook.put("SERVICEBUS_NAMESPACE", AzureFront.NAMESPACE);
        webhook.put("SERVICEBUS_WEB_SOCKETS", "true"); // the only way here where there is TLS
        webhook.put("CLAIMANT_IDLE_TIMEOUT_SECONDS", "60");
        webhook.put("CLAIMANT_MANAGEMENT_PORT", "0");
        webhook.put("JDK_JAVA_OPTIONS", String.join(" ", azure.options()));
        Pods pods = new Pods(Map.of(), webhook, folder);
        for (int number = 1; ; number++) {
            Pod pod = pods.start(template, arguments[0] + number, "hello");
            int exitCode = pod.awaitExit(Duration.ofMinutes(2));
            if (exitCode != JobResult.TRY_AGAIN || number == PODS) {
                assertThat(exitCode).as(pod.log()).isZero();
                return pod.log();
            }
        }
    }
}
