package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.implementation.ServiceBusSharedKeyCredential;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.SourceException;
import dev.claimant.Worker;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tokens that end while a worker works: the service ends the links of an entity when its token has run out. */
@Execution(ExecutionMode.CONCURRENT)
class TokensTest {

    private static final Duration LIFE = Duration.ofSeconds(4);

    /** What was on its way to a link that has ended comes again when its lock has. */
    private static final Duration BEYOND_A_LOCK = TestEntity.LOCK.plus(TestEntity.PATIENCE);

    /**
     * An identity with short-lived tokens, which may be out of order. Not on the thread that asks: that is the SDK's timer, which the SDK interrupts
     * when the token is in place, and an interrupt there ends the whole connection if a server as near as ours has answered by then.
     */
    private static final class Identity implements TokenCredential {

        private final ServiceBusServer server;
        private volatile @Nullable RuntimeException failure;

        Identity(TestEntity entity) {
            server = entity.server;
        }

        @Override
        public Mono<AccessToken> getToken(TokenRequestContext request) {
            return Mono.defer(() -> {
                        RuntimeException outOfOrder = failure;
                        return outOfOrder == null
                                ? Mono.just(new AccessToken(
                                        server.issueToken(LIFE, Right.LISTEN),
                                        OffsetDateTime.now(ZoneOffset.UTC).plus(LIFE)))
                                : Mono.error(outOfOrder);
                    })
                    .subscribeOn(Schedulers.boundedElastic());
        }
    }

    private static ServiceBusSource source(TestEntity entity, TokenCredential identity) {
        return ServiceBusSource.of(entity.config().build(), identity);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokensAreRenewedWhileAWorkerWorks(boolean sessions) {
        try (TestEntity entity =
                new TestEntity(null, sessions ? TestEntity.OPTIONS.requireSession() : TestEntity.OPTIONS)) {
            CountDownLatch tokensHaveEnded = new CountDownLatch(1);
            Queue<String> handled = new ConcurrentLinkedQueue<>();
            try (ServiceBusSource source = source(entity, new Identity(entity));
                    Worker worker = Worker.builder(source)
                            .slots(4)
                            .handler(claim -> {
                                handled.add(claim.text());
                                if (claim.text().equals("long")) {
                                    tokensHaveEnded.await(1, TimeUnit.MINUTES);
                                }
                            })
                            .build()) {
                worker.start();
                send(entity, "long");
                for (int i = 1; i <= 3; i++) {
                    int tokens = entity.server.faults().seen("put-token");
                    await().atMost(TestEntity.PATIENCE)
                            .until(() -> entity.server.faults().seen("put-token") >= tokens + 3);
                    send(entity, "m" + i);
                    String last = "m" + i;
                    await().atMost(BEYOND_A_LOCK).until(() -> handled.contains(last));
                }
                tokensHaveEnded.countDown();
                await().atMost(BEYOND_A_LOCK)
                        .until(() -> entity.server.counts(entity.path()).active() == 0);
                assertThat(worker.isAlive()).isTrue();
            }
            assertThat(handled).contains("m1", "m2", "m3");
            if (!sessions) { // a session ends with its link, where a slow machine renews a token too late
                assertThat(handled).containsExactly("long", "m1", "m2", "m3");
            }
        }
    }

    private static void send(TestEntity entity, String text) {
        entity.sendAll(List.of(new ServiceBusMessage(text).setSessionId("of " + text)));
    }

    @Test
    void whereNoTokenIsToBeHadTheReasonIsNamedAndWorkGoesOnWhenThereIsOneAgain() {
        try (Rig rig = new Rig(TestEntity.OPTIONS.lockDuration(Duration.ofMinutes(5)))) {
            Identity identity = new Identity(rig.entity);
            try (ServiceBusSource own = source(rig.entity, identity)) {
                own.open(Rig.PLAN, rig);
                rig.send("held");
                Claim held = Rig.claim(own, 1).get(0);
                identity.failure = new ClientAuthenticationException("the identity's endpoint is out of order", null);
                await().atMost(BEYOND_A_LOCK)
                        .untilAsserted(() -> assertThatThrownBy(() -> own.claim(2, Duration.ofMillis(200)))
                                .isInstanceOf(SourceException.class)
                                .hasMessageContaining("the identity's endpoint is out of order"));
                identity.failure = null;

                await().atMost(BEYOND_A_LOCK)
                        .ignoreExceptionsInstanceOf(SourceException.class)
                        .until(() -> own.settle(List.of(new Complete(held)), Duration.ofSeconds(5))
                                .contains(APPLIED));
                String id = rig.send("next");
                await().atMost(BEYOND_A_LOCK)
                        .ignoreExceptionsInstanceOf(SourceException.class)
                        .until(() -> own.claim(1, Duration.ofMillis(500)).stream()
                                .anyMatch(claim -> claim.id().equals(id)));
            }
        }
    }

    /** A connection string may have a signature instead of a key, which nobody can renew. */
    @Test
    void whereASignatureHasEndedTheWorkerSaysSoAndIsNotAliveInTheEnd() {
        try (Rig rig = new Rig()) {
            Duration life = Duration.ofSeconds(15); // long enough for a slow machine to open the source
            String signature = new ServiceBusSharedKeyCredential("RootManageSharedAccessKey", "a-key-for-tests", life)
                    .getToken(new TokenRequestContext().addScopes("amqp://localhost/"))
                    .block()
                    .getToken();
            ServiceBusConfig config = rig.entity
                    .config()
                    .connectionString("Endpoint=sb://localhost:" + rig.server.port() + ";SharedAccessSignature="
                            + signature + ";UseDevelopmentEmulator=true")
                    .lockLength(TestEntity.LOCK)
                    .silence(Duration.ofSeconds(1))
                    .build();
            try (ServiceBusSource source = ServiceBusSource.of(config)) {
                source.open(Rig.PLAN, rig);
                await().atMost(TestEntity.PATIENCE)
                        .untilAsserted(() -> assertThatThrownBy(() -> source.claim(2, Duration.ofMillis(200)))
                                .isInstanceOf(SourceException.class)
                                .hasMessageContaining("token is expired"));
                rig.awaitBroken(source);
                assertThat(rig.broken).contains("orders", "token is expired");
            }
        }
    }
}
