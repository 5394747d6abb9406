package dev.claimant.servicebus;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import dev.claimant.Claim;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.Switch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions: their order, their locks, and how long a worker keeps them. */
class SessionsTest {

    private static final EntityOptions SESSIONS = TestEntity.OPTIONS.requireSession();

    private static void send(Rig rig, String session, String... bodies) {
        for (String body : bodies) {
            rig.entity.send(new ServiceBusMessage(body).setSessionId(session));
        }
    }

    private static List<String> texts(List<Claim> claims) {
        return claims.stream().map(Claim::text).toList();
    }

    @Test
    void whatGoesBackComesBeforeItsSuccessors() {
        try (Rig rig = new Rig(SESSIONS)) {
            send(rig, "a", "1", "2", "3");
            Claim first = rig.claim();
            assertThat(rig.settle(new Retry(first, Duration.ZERO, "no"))).isEqualTo(APPLIED);
            Claim again = rig.claim();
            assertThat(again.text()).isEqualTo("1");
            assertThat(again.attempt()).isEqualTo(2);
            assertThat(rig.settle(new Release(again))).isEqualTo(APPLIED);
            for (String next : List.of("1", "2", "3")) {
                Claim claim = rig.claim();
                assertThat(claim.text()).isEqualTo(next);
                assertThat(rig.settle(new Complete(claim))).isEqualTo(APPLIED);
            }
        }
    }

    @Test
    void aWorkerHasAsManySessionsAsItWantsMessagesAndOneMessageOfEach() {
        try (Rig rig = new Rig(SESSIONS)) {
            for (String session : List.of("a", "b", "c", "d", "e", "f")) {
                send(rig, session, session + "1", session + "2");
            }
            List<Claim> claims = rig.claim(4);
            assertThat(claims)
                    .extracting(claim -> claim.message().orderingKey())
                    .doesNotHaveDuplicates();
            assertThat(texts(claims)).allMatch(text -> text.endsWith("1"));
            assertThat(rig.server.locked(rig.entity.path())).isEqualTo(4);
            await().atMost(TestEntity.PATIENCE).until(() -> rig.server.receivers(rig.entity.path()) == 4);
        }
    }

    @Test
    void aBusySessionDoesNotKeepAnotherWaitingForEver() {
        try (Rig rig = new Rig(SESSIONS.lockDuration(Duration.ofSeconds(5)))) {
            send(rig, "busy", "0", "1");
            send(rig, "quiet", "at last");
            String text = "";
            for (int i = 2; !text.equals("at last"); i++) {
                send(rig, "busy", String.valueOf(i));
                Claim claim = rig.claim();
                text = claim.text();
                assertThat(rig.settle(new Complete(claim))).isEqualTo(APPLIED);
                assertThat(i).isLessThan(100_000);
            }
        }
    }

    @Test
    void aSessionWithoutMessagesGivesItsPlaceToAnother() {
        try (Rig rig = new Rig(SESSIONS)) {
            send(rig, "a", "of a");
            assertThat(rig.settle(new Complete(rig.claim()))).isEqualTo(APPLIED);
            send(rig, "b", "of b");
            assertThat(rig.claim().text()).isEqualTo("of b");
            await().atMost(TestEntity.PATIENCE).until(() -> rig.server.receivers(rig.entity.path()) == 1);
        }
    }

    /** Nobody wants a message any more when the session is granted: another worker gets it. */
    @Test
    void aSessionThatIsGrantedLateIsClosed() {
        try (Rig rig = new Rig(SESSIONS);
                ServiceBusSource other = ServiceBusSource.of(rig.entity.config().build())) {
            other.open(Rig.PLAN, rig);
            assertThat(rig.claimOnce(3, Duration.ofMillis(100))).isEmpty(); // it has begun to wait for sessions
            rig.source.stopClaiming();
            send(rig, "a", "for the other");
            assertThat(Rig.claim(other, 1).get(0).text()).isEqualTo("for the other");
        }
    }

    @Test
    void oneRenewalKeepsTheSessionAndItsLossIsTheLossOfItsMessage() {
        try (Rig rig = new Rig(SESSIONS)) {
            send(rig, "a", "long");
            Claim claim = rig.claim();
            for (int i = 0; i < 4; i++) {
                rig.server.advance(TestEntity.LOCK.dividedBy(2));
                assertThat(rig.renew(claim)).isEqualTo(APPLIED);
            }
            assertThat(rig.faults.seen("renew-session-lock")).isEqualTo(4);
            assertThat(rig.faults.seen("renew-lock")).isZero();

            rig.server.advance(TestEntity.LOCK.plusSeconds(1));

            await().atMost(TestEntity.PATIENCE).until(() -> rig.lost.contains(claim));
            assertThat(rig.renew(claim)).isEqualTo(LOST);
            assertThat(rig.settle(new Complete(claim))).isEqualTo(LOST);
            assertThat(rig.claim().attempt()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrokenConnectionLosesTheSessionOnlyIfItsLockEndsToo(boolean outlives) {
        try (Rig rig = new Rig(SESSIONS, outlives ? new Switch[] {Switch.SESSION_OUTLIVES_LINK} : new Switch[0])) {
            send(rig, "a", "held", "next");
            Claim held = rig.claim();
            rig.server.dropConnections();
            Verdict verdict = await().atMost(TestEntity.PATIENCE)
                    .until(() -> rig.settle(new Complete(held)), settled -> settled != Verdict.UNKNOWN);
            assertThat(verdict).isEqualTo(outlives ? APPLIED : LOST);
            if (outlives) {
                rig.server.advance(TestEntity.LOCK.plusSeconds(1)); // its lock is nobody's now
            }
            await().ignoreExceptionsInstanceOf(SourceException.class) // those that were waiting for a session
                    .atMost(TestEntity.PATIENCE)
                    .untilAsserted(() -> assertThat(rig.claim().text()).isEqualTo(outlives ? "next" : "held"));
        }
    }

    @Test
    void theStateOfASessionIsLeftAlone() {
        try (Rig rig = new Rig(SESSIONS)) {
            send(rig, "a", "1");
            rig.settle(new Complete(rig.claim()));
            assertThat(rig.faults.seen("set-session-state") + rig.faults.seen("get-session-state"))
                    .isZero();
        }
    }

    @Test
    void whatIsHeldWhenTheSourceIsClosedIsFreeAtOnce() {
        try (Rig rig = new Rig(SESSIONS, Switch.SESSION_OUTLIVES_LINK)) {
            send(rig, "a", "1");
            send(rig, "b", "2");
            ServiceBusConfig patient =
                    rig.entity.config().requestTimeout(TestEntity.PATIENCE).build(); // a busy machine closes slowly
            try (ServiceBusSource first = ServiceBusSource.of(patient)) {
                first.open(Rig.PLAN, rig);
                Rig.claim(first, 2);
            }
            try (ServiceBusSource other = ServiceBusSource.of(patient)) {
                other.open(Rig.PLAN, rig);
                assertThat(texts(Rig.claim(other, 2))).containsExactlyInAnyOrder("1", "2");
            }
        }
    }

    /** Two sources that claim and complete by turns; each message once, in the order of its session. */
    @Test
    void twoWorkersShareSessionsAndNotMessages() {
        try (Rig rig = new Rig(SESSIONS);
                ServiceBusSource other = ServiceBusSource.of(rig.entity.config().build())) {
            other.open(Rig.PLAN, rig);
            Set<String> sent = new HashSet<>();
            for (int i = 0; i < 6; i++) {
                for (String session : List.of("a", "b", "c")) {
                    send(rig, session, session + i);
                    sent.add(session + i);
                }
            }
            List<String> done = new ArrayList<>();
            long giveUp = System.nanoTime() + TestEntity.PATIENCE.toNanos();
            while (done.size() < sent.size() && System.nanoTime() < giveUp) {
                for (ServiceBusSource source : List.of(rig.source, other)) {
                    for (Claim claim : Rig.claimOnce(source, 2, Duration.ofMillis(200))) {
                        assertThat(source.settle(List.of(new Complete(claim)), TestEntity.PATIENCE))
                                .containsExactly(APPLIED);
                        done.add(claim.text());
                    }
                }
            }
            assertThat(done).containsExactlyInAnyOrderElementsOf(sent);
            for (String session : List.of("a", "b", "c")) {
                assertThat(done.stream().filter(text -> text.startsWith(session)))
                        .isSorted();
            }
        }
    }

    /** A key that may only listen is refused a link of the wrong kind, and that is all it hears. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theWrongSettingIsNamedAlsoWhereTheAdministrationApiMayNotBeAsked(boolean hasSessions) {
        try (TestEntity entity = new TestEntity(null, hasSessions ? SESSIONS : TestEntity.OPTIONS)) {
            ServiceBusConfig.Builder config = ServiceBusConfig.queue("orders")
                    .connectionString(entity.server.addKey("worker", "secret", Right.LISTEN))
                    .lockLength(TestEntity.LOCK);
            if (!hasSessions) {
                config.sessions();
            }
            try (ServiceBusSource source = ServiceBusSource.of(config.build());
                    Rig rig = new Rig()) {
                assertThatThrownBy(() -> {
                            source.open(Rig.PLAN, rig);
                            source.claim(1, TestEntity.PATIENCE); // where the machine was too busy to hear it before
                        })
                        .hasMessageContaining("sessions:");
            }
        }
    }
}
