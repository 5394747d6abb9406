package dev.claimant.sample;

import com.azure.core.amqp.AmqpTransportType;
import com.azure.core.credential.TokenCredential;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import dev.claimant.servicebus.ServiceBusConfig;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the namespace is, and who this process is there: by a connection string, or by the workload identity of its pod. */
final class ServiceBusLogin {

    static final String CONNECTION = "SERVICEBUS_CONNECTION_STRING";
    static final String NAMESPACE = "SERVICEBUS_NAMESPACE";

    /** A pod has these three from the webhook of Azure Workload Identity, where its labels ask for an identity. */
    private static final String CLIENT = "AZURE_CLIENT_ID";

    private static final String TENANT = "AZURE_TENANT_ID";
    private static final String TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";
    private static final String OF_THE_WEBHOOK =
            "what pods with the label azure.workload.identity/use: \"true\" have, since " + NAMESPACE + " is set";

    private final String text;
    private final @Nullable TokenCredential identity;

    /**
     * @param text the connection string, a secret; or the namespace of the identity
     * @param identity absent with a connection string
     */
    private ServiceBusLogin(String text, @Nullable TokenCredential identity) {
        this.text = text;
        this.identity = identity;
    }

    /** Problems go into the environment's list; then there may be nothing to use. */
    static @Nullable ServiceBusLogin read(Environment env) {
        String namespace = env.text(NAMESPACE);
        if (namespace == null) {
            String connection = env.required(
                    CONNECTION,
                    "Endpoint=sb://<namespace>.servicebus.windows.net/;SharedAccessKeyName=...;SharedAccessKey=...; or set "
                            + NAMESPACE + " for a workload identity");
            return new ServiceBusLogin(connection, null);
        }
        if (env.text(CONNECTION) != null) {
            env.problem(NAMESPACE, "set, and so is " + CONNECTION + ": one of the two says who this worker is");
        }
        String client = env.required(CLIENT, OF_THE_WEBHOOK);
        String tenant = env.required(TENANT, OF_THE_WEBHOOK);
        String token = env.required(TOKEN_FILE, OF_THE_WEBHOOK);
        Path file = env.fileIfSet(TOKEN_FILE);
        return client.isEmpty() || tenant.isEmpty() || token.isEmpty() || file == null
                ? null
                : new ServiceBusLogin(namespace, identity(client, tenant, file));
    }

    /** The file is read for each token that Entra ID gives, and the kubelet replaces what is in it. */
    private static TokenCredential identity(String client, String tenant, Path token) {
        return new WorkloadIdentityCredentialBuilder()
                .clientId(client)
                .tenantId(tenant)
                .tokenFilePath(token.toString())
                .build();
    }

    void addTo(ServiceBusConfig.Builder config) {
        if (identity == null) {
            config.connectionString(text);
        } else {
            config.identity(text, identity);
        }
    }

    /** For clients of the SDK's own. */
    Supplier<ServiceBusClientBuilder> clients(boolean webSockets) {
        return () -> {
            ServiceBusClientBuilder builder = new ServiceBusClientBuilder();
            if (webSockets) {
                builder.transportType(AmqpTransportType.AMQP_WEB_SOCKETS);
            }
            return identity == null
                    ? builder.connectionString(text)
                    : builder.fullyQualifiedNamespace(text).credential(identity);
        };
    }
}
