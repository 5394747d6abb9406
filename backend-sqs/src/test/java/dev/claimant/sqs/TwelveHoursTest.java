package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes beyond the longest lock is cut, since SQS refuses it; of the servers, fauxqs refuses it, too. */
class TwelveHoursTest {

    static Stream<Supplier<TestServer>> servers() {
        return Stream.of(TestServer::main, TestServer::second);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void renewalsAndDelaysBeyondTwelveHoursAreCut(Supplier<TestServer> server) throws InterruptedException {
        try (TestQueue queue = new TestQueue(server.get(), false);
                SqsSource source =
                        SqsSource.of(Rig.settings(server.get().endpoint().toString(), queue.url())
                                .lockLength(Duration.ofHours(12))
                                .build())) {
            source.open(Rig.PLAN, new Heard());
            queue.send("long work");
            List<Claim> claims = source.claim(1, Rig.PATIENCE);
            assertThat(claims).hasSize(1);

            assertThat(source.renew(claims, Rig.PATIENCE)).containsExactly(Verdict.APPLIED);
            assertThat(source.settle(
                            List.of(new Retry(claims.get(0), Duration.ofHours(13), "not today")), Rig.PATIENCE))
                    .containsExactly(Verdict.APPLIED);

            assertThat(queue.scaler(false, true)).as("it waits").isZero();
            assertThat(queue.scaler(true, false)).isEqualTo(1);
        }
    }
}
