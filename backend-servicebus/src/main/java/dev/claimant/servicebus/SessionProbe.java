package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSessionReceiverAsyncClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the entity has sessions as the settings say, where nobody may ask the administration API: a link of the wrong kind is refused. A link
 * of the right kind is not confirmed, so there is nothing to wait for but the refusal.
 */
final class SessionProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ServiceBusConfig config;
    private final Connections connections;

    SessionProbe(ServiceBusConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /** What is wrong with the setting; absent if nothing was heard. */
    @Nullable String problem() {
        CompletableFuture<@Nullable String> problem = new CompletableFuture<>();
        Runnable close = config.sessions ? accept(problem) : open(problem);
        try {
            return problem.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            close.run();
        }
    }

    private Runnable open(CompletableFuture<@Nullable String> problem) {
        ServiceBusReceiverAsyncClient client = connections.receiver();
        ReceivingLink link = new ReceivingLink(client, new ReceivingLink.Receiver() {
            @Override
            public void arrived(ReceivingLink from, ServiceBusReceivedMessage message) {}

            @Override
            public void broken(ReceivingLink from, @Nullable Throwable failure) {
                problem.complete(failure == null ? null : ServiceBusErrors.sessionProblem(failure));
            }
        });
        link.open(); // without credit: nothing comes
        return () -> {
            link.cancel();
            connections.close(client);
        };
    }

    /** A session that is granted is closed, late or not. */
    private Runnable accept(CompletableFuture<@Nullable String> problem) {
        ServiceBusSessionReceiverAsyncClient client = connections.sessions();
        CompletableFuture<ServiceBusReceiverAsyncClient> granted =
                client.acceptNextSession().toFuture();
        var unused = granted.whenCompleteAsync((session, failure) -> {
            if (session != null) {
                session.close();
            }
            problem.complete(failure == null ? null : ServiceBusErrors.sessionProblem(failure));
        });
        return () -> {}; // closed with the connection: what it has begun cannot be called off
    }
}
