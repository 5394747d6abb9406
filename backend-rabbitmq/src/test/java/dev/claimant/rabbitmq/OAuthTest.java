package dev.claimant.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.CredentialsProvider;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Verdict;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that takes OAuth 2 tokens and ends connections whose token has expired. */
class OAuthTest {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void aTokenIsRefreshedOnTheConnectionSoThatAClaimOutlivesIt(@TempDir Path directory) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        TestNode node = TestNode.start(TestServer.home(), options(directory, keys));
        Tokens tokens = new Tokens(keys);
        RabbitMqConfig config = RabbitMqConfig.queue(node.uri().replaceFirst("//.*@", "//"), "work")
                .credentials(tokens)
                .withoutRetryQueues()
                .declare()
                .build();
        try (Source source = RabbitMqSource.of(config)) {
            source.open(new Plan("test", 4, 16, 5, null, null, Duration.ofMinutes(10), false, false), new Heard());
            Connection sender = new Connections(config).open("test");
            Channel channel = Connections.channel(sender);
            channel.basicPublish("", "work", null, new byte[] {1});
            Claim claim = source.claim(1, LONG).get(0);
            Instant firstExpired = tokens.expires.plusSeconds(2);
            int before = tokens.refreshed.get();

            await().atMost(LONG)
                    .until(() -> tokens.refreshed.get() >= before + 2
                            && Instant.now().isAfter(firstExpired));

            assertThat(source.renew(List.of(claim), LONG)).containsExactly(Verdict.APPLIED);
            assertThat(source.settle(List.of(new Complete(claim)), LONG)).containsExactly(Verdict.APPLIED);
            channel.basicPublish("", "work", null, new byte[] {2});
            assertThat(source.claim(1, LONG)).hasSize(1);
            sender.abort();
        }
    }

    private static TestNode.Options options(Path directory, KeyPair keys) throws IOException {
        String pem = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getPublic().getEncoded());
        Path key = Files.writeString(
                directory.resolve("key.pem"), "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
        return new TestNode.Options(
                List.of("rabbitmq_auth_backend_oauth2"),
                List.of(
                        "auth_backends.1 = rabbit_auth_backend_oauth2",
                        "auth_backends.2 = internal",
                        "auth_oauth2.resource_server_id = rabbitmq",
                        "auth_oauth2.default_key = k",
                        "auth_oauth2.signing_keys.k = " + key),
                List.of());
    }

    /** Hands out tokens that hold for some seconds. */
    private static final class Tokens implements CredentialsProvider {

        private static final Duration HELD = Duration.ofSeconds(20);

        final AtomicInteger refreshed = new AtomicInteger();
        volatile Instant expires = Instant.EPOCH;
        private final KeyPair keys;
        private volatile String token = "";

        Tokens(KeyPair keys) {
            this.keys = keys;
            refresh();
        }

        @Override
        public String getUsername() {
            return "";
        }

        @Override
        public String getPassword() {
            return token;
        }

        @Override
        public Duration getTimeBeforeExpiration() {
            return Duration.between(Instant.now(), expires);
        }

        @Override
        public void refresh() {
            Instant then = Instant.now().plus(HELD);
            token = signed("""
                    {"aud":["rabbitmq"],"client_id":"worker","exp":%d,
                     "scope":["rabbitmq.configure:*/*","rabbitmq.write:*/*","rabbitmq.read:*/*"]}""".formatted(then.getEpochSecond()));
            expires = then;
            refreshed.incrementAndGet();
        }

        private String signed(String payload) {
            String text = encoded("{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                    + "." + encoded(payload.getBytes(StandardCharsets.UTF_8));
            try {
                Signature signature = Signature.getInstance("SHA256withRSA");
                signature.initSign(keys.getPrivate());
                signature.update(text.getBytes(StandardCharsets.US_ASCII));
                return text + "." + encoded(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static String encoded(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
    }
}
