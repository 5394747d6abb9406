package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** A source that properties describe, on a server that speaks the protocol; and one for which an identity is missing. */
class ServiceBusSourceProviderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Configuration(proxyBeanMethods = false)
    static class Emails {

        final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @ClaimantListener("emails")
        void send(String text) {
            seen.add(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Identity {

        @Bean
        TokenCredential identity() {
            return request -> Mono.just(
                    new AccessToken("token", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
        }
    }

    private final ApplicationContextRunner application = Contexts.withSources().withUserConfiguration(Emails.class);

    @Test
    void aListenerWorksOffTheQueueOfItsName() {
        try (ServiceBusServer server = ServiceBusServer.start()) {
            server.addQueue("emails", EntityOptions.defaults().maxDeliveryCount(50));
            application
                    .withPropertyValues(
                            "claimant.workers.emails.servicebus.connection-string=" + server.connectionString(),
                            "claimant.workers.emails.servicebus.administration-endpoint=http://localhost:"
                                    + server.adminPort())
                    .run(context -> {
                        send(server, "hello");

                        Emails emails = context.getBean(Emails.class);
                        await().atMost(PATIENCE)
                                .untilAsserted(() -> assertThat(emails.seen).containsExactly("hello"));
                        await().atMost(PATIENCE)
                                .until(() -> server.counts("emails").active() == 0);
                    });
        }
    }

    private static void send(ServiceBusServer server, String text) {
        try (ServiceBusSenderClient sender = new ServiceBusClientBuilder()
                .connectionString(server.connectionString())
                .sender()
                .queueName("emails")
                .buildClient()) {
            sender.sendMessage(new ServiceBusMessage(text));
        }
    }

    @Test
    void aNamespaceNeedsAnIdentityAndTakesTheBean() {
        ApplicationContextRunner namespaced = application.withPropertyValues(
                "claimant.workers.emails.servicebus.namespace=orders.servicebus.windows.net",
                "claimant.workers.emails.servicebus.topic=orders",
                "claimant.workers.emails.servicebus.subscription=shipping",
                "claimant.auto-startup=false");

        namespaced.run(context -> assertThat(context)
                .getFailure()
                .hasMessageContaining(
                        "claimant.workers.emails.servicebus.namespace: needs one bean of type TokenCredential"));
        namespaced
                .withUserConfiguration(Identity.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aQueueAndATopicAreTwoSources() {
        application
                .withPropertyValues(
                        "claimant.workers.emails.servicebus.queue=emails",
                        "claimant.workers.emails.servicebus.topic=news")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("claimant.workers.emails.servicebus.queue: set, and so is topic"));
    }
}
