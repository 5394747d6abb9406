package dev.claimant.kafka;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.LOST;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each way in which a commit can fail, by name: what it says of the claims, and that the thread that polls goes on. The member is a real one; its
 * client fails as the real one does, when it is told to.
 */
@Execution(ExecutionMode.CONCURRENT)
class CommitFailuresTest {

    private static final Duration SHORT = Duration.ofMillis(700);

    private final TestTopic topic = new TestTopic(1);
    private final Failing failing = new Failing();
    private final List<BrokerThread> started = new ArrayList<>();
    private final List<Connections> opened = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(BrokerThread::close);
        opened.forEach(Connections::close);
        topic.close();
    }

    /** A client of which some calls fail. */
    private static final class Failing implements InvocationHandler {
        final AtomicInteger failed = new AtomicInteger();
        volatile @Nullable KafkaException commits;
        volatile @Nullable RuntimeException polls;
        private @Nullable Consumer<byte[], byte[]> real;

        @SuppressWarnings("unchecked")
        Consumer<byte[], byte[]> around(Consumer<byte[], byte[]> consumer) {
            real = consumer;
            return (Consumer<byte[], byte[]>)
                    Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Consumer.class}, this);
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) throws Throwable {
            KafkaException commit = commits;
            RuntimeException poll = polls;
            if (poll != null && method.getName().equals("poll")) {
                throw poll;
            }
            if (commit != null && method.getName().equals("commitSync")) {
                failed.incrementAndGet();
                throw commit;
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private static Stream<Arguments> sayNothing() {
        return bothProtocols(
                new RebalanceInProgressException(),
                new CommitFailedException(),
                new StaleMemberEpochException("test"),
                new RetriableCommitFailedException("test"),
                new CoordinatorNotAvailableException("test"),
                new CoordinatorLoadInProgressException("test"),
                new NotCoordinatorException("test"),
                new TimeoutException("test"));
    }

    private static Stream<Arguments> sayLost() {
        return bothProtocols(
                new UnknownMemberIdException(),
                new FencedMemberEpochException("test"),
                new FencedInstanceIdException("test"));
    }

    private static Stream<Arguments> bothProtocols(KafkaException... failures) {
        return Stream.of("classic", "consumer")
                .flatMap(protocol -> Stream.of(failures).map(failure -> Arguments.of(protocol, failure)));
    }

    @ParameterizedTest
    @MethodSource("sayNothing")
    void whatSaysNothingIsUnknownAndAskedAgainUntilTheBrokerTakesIt(String protocol, KafkaException failure)
            throws Exception {
        topic.send(0, 3);
        DeliveryBuffer buffer = new DeliveryBuffer();
        BrokerThread thread = join(protocol, buffer);
        List<Claim> claims = claim(buffer, thread, 3);

        failing.commits = failure;
        assertThat(complete(thread, claims.get(0), false, SHORT)).isEqualTo(UNKNOWN);
        assertThat(renew(thread, claims.get(1), SHORT)).isEqualTo(UNKNOWN);
        int soFar = failing.failed.get();
        await().atMost(TestTopic.PATIENCE).until(() -> failing.failed.get() > soFar);
        failing.commits = null;

        assertThat(complete(thread, claims.get(0), true, TestTopic.PATIENCE)).isEqualTo(APPLIED);
        assertThat(complete(thread, claims.get(1), false, TestTopic.PATIENCE)).isEqualTo(APPLIED);
        assertThat(topic.committed(0).offset()).isEqualTo(2);
        topic.send(0, 1);
        assertThat(claim(buffer, thread, 1)).extracting(Claim::id).containsExactly(topic.name + "-0@3");
    }

    @ParameterizedTest
    @MethodSource("sayLost")
    void whatSaysThatWeAreOutIsLostAndTheThreadGoesOn(String protocol, KafkaException failure) throws Exception {
        topic.send(0, 2);
        DeliveryBuffer buffer = new DeliveryBuffer();
        BrokerThread thread = join(protocol, buffer);
        List<Claim> claims = claim(buffer, thread, 2);

        failing.commits = failure;
        assertThat(complete(thread, claims.get(0), false, TestTopic.PATIENCE)).isEqualTo(LOST);
        failing.commits = null;

        assertThat(complete(thread, claims.get(0), true, TestTopic.PATIENCE)).isEqualTo(LOST);
        assertThat(complete(thread, claims.get(1), false, TestTopic.PATIENCE)).isEqualTo(APPLIED);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aMissingRightFailsTheCallByNameAndTheThreadGoesOn(String protocol) throws Exception {
        topic.send(0, 1);
        DeliveryBuffer buffer = new DeliveryBuffer();
        BrokerThread thread = join(protocol, buffer);
        List<Claim> claims = claim(buffer, thread, 1);

        failing.commits = GroupAuthorizationException.forGroupId(topic.group);
        assertThatThrownBy(() -> complete(thread, claims.get(0), false, TestTopic.PATIENCE))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(topic.group);
        failing.commits = null;

        assertThat(complete(thread, claims.get(0), true, TestTopic.PATIENCE)).isEqualTo(APPLIED);
    }

    private static Stream<String> protocols() {
        return Stream.of("classic", "consumer");
    }

    @Test
    void aDefectOfTheClientFailsAllClaimsFromThenOn() throws Exception {
        DeliveryBuffer buffer = new DeliveryBuffer();
        BrokerThread thread = join("consumer", buffer);

        failing.polls = new IllegalStateException("a defect");

        await().atMost(TestTopic.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> buffer.claim(1, 1, thread::wake))
                        .isInstanceOf(PollThreadDiedError.class)
                        .hasMessageContaining(topic.group));
        assertThatThrownBy(() -> buffer.claim(1, 1, thread::wake)).isInstanceOf(PollThreadDiedError.class);
    }

    private BrokerThread join(String protocol, DeliveryBuffer buffer) throws Exception {
        KafkaConfig config = topic.config(given -> given.property("group.protocol", protocol));
        Connections connections = new Connections(config);
        opened.add(connections);
        Consumer<byte[], byte[]> consumer =
                connections.makeConsumer(topic.group, 100).get();
        GroupMember member =
                new GroupMember(config.subscriptions().get(0), failing.around(consumer), buffer.group(100));
        BrokerThread thread =
                new BrokerThread(config, member, new TestTopic.Told(), 4_096, new TopicIds(config, connections));
        started.add(thread);
        thread.start();
        thread.awaitJoined();
        return thread;
    }

    private static List<Claim> claim(DeliveryBuffer buffer, BrokerThread thread, int count)
            throws InterruptedException {
        List<Claim> claims = new ArrayList<>();
        long giveUp = System.nanoTime() + TestTopic.PATIENCE.toNanos();
        while (claims.size() < count && System.nanoTime() < giveUp) {
            claims.addAll(
                    buffer.claim(count - claims.size(), Duration.ofMillis(500).toNanos(), thread::wake));
        }
        return claims;
    }

    private static Verdict complete(BrokerThread thread, Claim claim, boolean repeated, Duration within) {
        return ask(thread, claim, new Settlement.Complete(claim, repeated), within);
    }

    private static Verdict renew(BrokerThread thread, Claim claim, Duration within) {
        return ask(thread, claim, null, within);
    }

    private static Verdict ask(BrokerThread thread, Claim claim, @Nullable Settlement end, Duration within) {
        return thread.ask(List.of(new Call.Item((KafkaClaim) claim, end)), within)
                .await("group")
                .get(0);
    }
}
