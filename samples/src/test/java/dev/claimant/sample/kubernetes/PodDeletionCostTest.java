package dev.claimant.sample.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that says whether it is busy, to a server that is as strict as the API server; time goes by only when told to. */
class PodDeletionCostTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENT = Duration.ofMinutes(2);

    @TempDir
    private Path account;

    private ApiServer server;
    private PodDeletionCost cost;
    private boolean busy;
    private long now = Long.MAX_VALUE - SECOND.multipliedBy(20).toNanos(); // the clock may run over its end

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(account, "first-token");
        cost = new PodDeletionCost(new OwnPod(server.uri(), account, "worker-1", PATIENT), () -> busy, () -> now);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void anIdlePodSaysNothingAndABusyOneSaysSoAtOnce() throws Exception {
        look(60);
        assertThat(server.statuses).isEmpty();

        busy = true;
        look(1);
        assertThat(server.costs).containsExactly("100");
        look(600);
        assertThat(server.statuses).hasSize(1);
    }

    @Test
    void aPodIsIdleOnceItHasHadNothingForAWhile() throws Exception {
        busy = true;
        look(60);
        busy = false;
        look(9);
        assertThat(server.costs).containsExactly("100");

        look(2);
        assertThat(server.costs).containsExactly("100", "0");
    }

    /** A message a second for ten minutes, with a gap after each. */
    @Test
    void shortGapsAreNotToldAndChangesAreSeldom() throws Exception {
        for (int second = 0; second < 600; second++) {
            busy = second % 5 == 0;
            look(1);
        }
        assertThat(server.costs).containsExactly("100");

        for (int period = 0; period < 20; period++) {
            busy = period % 2 == 0;
            look(15);
        }
        assertThat(server.statuses).hasSizeBetween(2, 11); // of twenty, one in thirty seconds
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 409, 422, 500})
    void whatFailsIsTriedAgainLaterAndLessAndLess(int status) throws Exception {
        busy = true;
        for (int failure = 0; failure < 4; failure++) {
            server.answer(status, Map.of());
        }
        look(30 + 60 + 120 + 240 - 1);
        assertThat(server.statuses).hasSize(4).containsOnly(status);

        look(2);
        assertThat(server.statuses).hasSize(5);
        assertThat(server.costs).containsExactly("100");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void theServerSaysWhenToComeAgain(int status) throws Exception {
        busy = true;
        server.answer(status, Map.of("Retry-After", "90"));
        look(90);
        assertThat(server.statuses).containsExactly(status);

        look(1);
        assertThat(server.statuses).containsExactly(status, 200);
    }

    @Test
    void aHeaderThatCannotBeReadIsNone() throws Exception {
        busy = true;
        server.answer(429, Map.of("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"));

        look(31);

        assertThat(server.statuses).containsExactly(429, 200);
    }

    @Test
    void aTokenThatWasRenewedIsUsed() throws Exception {
        busy = true;
        look(1);
        server.expect("second-token");
        Files.writeString(account.resolve("token"), "second-token");
        busy = false;
        look(60);

        assertThat(server.statuses).containsExactly(200, 200);
    }

    @Test
    void anAuthorityThatHasChangedIsTrusted() throws Exception {
        busy = true;
        look(1);
        server.close();
        ApiServer other = ApiServer.start(Files.createDirectory(account.resolve("other")), "first-token");
        try {
            cost = new PodDeletionCost(new OwnPod(other.uri(), account, "worker-1", PATIENT), () -> busy, () -> now);
            look(1);
            assertThat(other.statuses).as("of an unknown authority").isEmpty();

            Files.copy(
                    account.resolve("other/ca.crt"),
                    account.resolve("ca.crt"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            look(31);
            assertThat(other.costs).containsExactly("100");
        } finally {
            other.close();
        }
    }

    @Test
    void aServerThatIsNotThereOrAFileThatIsMissingDisturbsNothing() throws Exception {
        busy = true;
        server.close();
        look(1);
        Files.delete(account.resolve("ca.crt"));
        look(31);
        Files.writeString(account.resolve("ca.crt"), "no certificate");
        look(120);

        assertThat(server.costs).isEmpty();
    }

    /** Its answer has begun, and the rest never comes. */
    @Test
    void aServerThatHangsIsNotWaitedForEndlessly() throws Exception {
        server.hang();
        OwnPod pod = new OwnPod(server.uri(), account, "worker-1", Duration.ofMillis(200));

        assertTimeoutPreemptively(
                Duration.ofMinutes(2),
                () -> assertThatThrownBy(() -> pod.sayDeletionCost(100)).isInstanceOf(IOException.class));
    }

    /** What cannot be a token is in the file: logs are no place for it. */
    @Test
    void noProblemNamesTheToken() throws Exception {
        Files.writeString(account.resolve("token"), "secret-one\nsecret-two");
        OwnPod pod = new OwnPod(server.uri(), account, "worker-1");

        assertThatThrownBy(() -> pod.sayDeletionCost(100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no token")
                .hasMessageNotContaining("secret");
    }

    @Test
    void thePodIsCalledAsTheHostIs() throws IOException {
        assertThat(OwnPod.name(Map.of("HOSTNAME", "worker-1"))).isEqualTo("worker-1");
        assertThatThrownBy(() -> OwnPod.name(Map.of())).hasMessageContaining("HOSTNAME is not set: this is no pod");
    }

    @Test
    void theServerIsWhereEveryPodFindsIt() throws IOException {
        assertThat(OwnPod.server(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443")))
                .isEqualTo(URI.create("https://10.0.0.1:443"));
        assertThat(OwnPod.server(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443")))
                .isEqualTo(URI.create("https://[fd00::1]:443"));
        assertThatThrownBy(() -> OwnPod.server(Map.of())).hasMessageContaining("this is no pod");
    }

    /** One look a second. */
    private void look(int seconds) throws InterruptedException {
        for (int second = 0; second < seconds; second++) {
            cost.look();
            now += SECOND.toNanos();
        }
    }
}
