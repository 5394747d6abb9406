package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @Test
    void everyProblemIsReportedAtOnceWithItsSettingAndValue() {
        ConfigurationException problem = problemOf(worker -> worker.name(" ")
                .slots(0)
                .prefetch(-2)
                .maxUnsettled(-3)
                .retry(RetryPolicy.exponential()
                        .maxAttempts(-4)
                        .maxExpiredLocks(0)
                        .firstDelay(NEGATIVE)
                        .maxDelay(Duration.ofSeconds(-2)))
                .handlerTimeout(Duration.ZERO)
                .drainTimeout(NEGATIVE)
                .flushTimeout(Duration.ZERO)
                .stuckTimeout(NEGATIVE)
                .reservation(Duration.ZERO)
                .managementPort(65_536));

        assertThat(problem.problems())
                .containsExactly(
                        "name: ' ' must not be blank",
                        "slots: 0 must be at least 1",
                        "prefetch: -2 must not be negative",
                        "maxUnsettled: -3 must be at least 1",
                        "retry.maxAttempts: -4 must be at least 1",
                        "retry.maxExpiredLocks: 0 must be at least 1",
                        "retry.firstDelay: PT-1S must not be negative",
                        "retry.maxDelay: PT-2S must not be negative",
                        "retry.maxDelay: PT-2S must not be shorter than retry.firstDelay PT-1S",
                        "handlerTimeout: PT0S must be longer than zero",
                        "drainTimeout: PT-1S must not be negative",
                        "flushTimeout: PT0S must be longer than zero",
                        "stuckTimeout: PT-1S must be longer than zero",
                        "reservation: PT0S must be longer than zero",
                        "managementPort: 65536 must be between 0 and 65535");
        assertThat(problem).hasMessage(String.join("; ", problem.problems()));
    }

    @Test
    @SuppressWarnings("NullAway") // an application without NullAway may do so
    void problemsOfThePolicyForOneTypeOfFailureNameTheType() {
        ConfigurationException problem = problemOf(worker -> worker.retry(RetryPolicy.exponential()
                .on(
                        IllegalStateException.class,
                        RetryPolicy.fixed(NEGATIVE, null).maxAttempts(0))
                .on(IllegalArgumentException.class, null)));

        assertThat(problem.problems())
                .containsExactly(
                        "retry.on(IllegalStateException).maxAttempts: 0 must be at least 1",
                        "retry.on(IllegalStateException).fixed: PT-1S must not be negative",
                        "retry.on(IllegalStateException).fixed: null must be set",
                        "retry.on(IllegalArgumentException): null must be set");
    }

    @Test
    void aWorkerWithoutAHandlerIsRefusedTogetherWithItsOtherProblems() {
        WorkerBuilder builder =
                Worker.builder(new InMemorySource(new InMemoryQueue())).slots(0);

        ConfigurationException problem = catchThrowableOfType(ConfigurationException.class, builder::build);

        assertThat(problem.problems()).containsExactly("handler: null must be set", "slots: 0 must be at least 1");
    }

    @Test
    @SuppressWarnings("NullAway") // an application that does not check what it passes
    void whatIsNullIsNamedAmongTheProblems() {
        ConfigurationException problem = problemOf(worker -> worker.name(null)
                .retry(null)
                .drainTimeout(null)
                .flushTimeout(null)
                .stuckTimeout(null)
                .reservation(null));
        ConfigurationException ofRetry = problemOf(worker ->
                worker.retry(RetryPolicy.exponential().firstDelay(null).maxDelay(null)));
        ConfigurationException ofJob =
                catchThrowableOfType(ConfigurationException.class, () -> new JobOptions(1, null, null, null));

        assertThat(problem.problems())
                .containsExactly(
                        "name: null must be set",
                        "retry: null must be set",
                        "drainTimeout: null must be set",
                        "flushTimeout: null must be set",
                        "stuckTimeout: null must be set",
                        "reservation: null must be set");
        assertThat(ofRetry.problems())
                .containsExactly("retry.firstDelay: null must be set", "retry.maxDelay: null must be set");
        assertThat(ofJob.problems())
                .containsExactly("job.idleTimeout: null must be set", "job.terminationLog: null must be set");
    }

    @Test
    @SuppressWarnings("NullAway") // an application that does not check what it passes
    void aSourceOrAListenerThatIsNullIsNamedWhereItIsGiven() {
        assertThatThrownBy(() -> Worker.builder(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("source");
        assertThatThrownBy(() -> build(worker -> worker.listener(null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("listener");
    }

    @Test
    void metricsThatNothingServesAreRefused() {
        ConfigurationException problem = problemOf(worker -> worker.metrics(() -> "answer 42"));

        assertThat(problem.problems())
                .containsExactly(
                        "managementPort: null must be set, for metrics are, and nothing else would serve them");
    }

    @Test
    void aTimeThatNoCounterOfNanosecondsHoldsIsRefused() {
        Duration forever = ChronoUnit.FOREVER.getDuration();

        ConfigurationException problem =
                problemOf(worker -> worker.drainTimeout(forever).handlerTimeout(Duration.ofDays(36_501)));

        assertThat(problem.problems())
                .containsExactly(
                        "handlerTimeout: PT876024H must not be longer than 36500 days",
                        "drainTimeout: " + forever + " must not be longer than 36500 days");
    }

    @Test
    void theLeastAndTheMostThatIsAllowedIsAccepted() {
        Duration longest = Duration.ofDays(36_500);
        UnaryOperator<WorkerBuilder> least = worker -> worker.name("w")
                .slots(1)
                .prefetch(0)
                .maxUnsettled(1)
                .retry(RetryPolicy.immediate().maxAttempts(1).maxExpiredLocks(1).maxDelay(Duration.ZERO))
                .handlerTimeout(Duration.ofNanos(1))
                .drainTimeout(Duration.ZERO)
                .flushTimeout(Duration.ofNanos(1))
                .stuckTimeout(Duration.ofNanos(1))
                .reservation(Duration.ofNanos(1))
                .managementPort(0);
        UnaryOperator<WorkerBuilder> most = worker -> worker.retry(RetryPolicy.exponential()
                        .firstDelay(longest)
                        .maxDelay(longest)
                        .maxAttempts(RetryPolicy.UNLIMITED))
                .handlerTimeout(longest)
                .drainTimeout(longest)
                .managementPort(65_535);

        assertThat(build(least).state()).isEqualTo(Worker.State.NEW);
        assertThat(build(most).state()).isEqualTo(Worker.State.NEW);
    }

    @Test
    void whatTheSourceCannotHonourIsRefusedAtTheStartAllAtOnce() {
        InMemoryQueue queue =
                new InMemoryQueue(Capabilities.builder(Duration.ofSeconds(30)).build(), System::nanoTime);
        try (Worker worker = Worker.builder(new InMemorySource(queue))
                .handler(claim -> {})
                .ordered()
                .retry(RetryPolicy.exponential().maxAttempts(7))
                .build()) {

            ConfigurationException problem = catchThrowableOfType(ConfigurationException.class, worker::start);

            assertThat(problem.problems())
                    .satisfiesExactly(
                            ordered -> assertThat(ordered).startsWith("ordered: true needs a source that keeps order"),
                            attempts -> assertThat(attempts)
                                    .startsWith("retry.maxAttempts: 7 needs a source that keeps dead letters"));
        }
    }

    @Test
    void everyProblemOfAJobIsReportedAtOnce() {
        ConfigurationException problem = catchThrowableOfType(
                ConfigurationException.class,
                () -> new JobOptions(0, NEGATIVE, " ", JobOptions.messages(1).terminationLog()));

        assertThat(problem.problems())
                .containsExactly(
                        "job.messages: 0 must be at least 1",
                        "job.idleTimeout: PT-1S must not be negative",
                        "job.owner: ' ' must not be blank");
    }

    @Test
    void eachSetterOfAJobChangesItsOwnSettingOfACopy() {
        JobOptions options = JobOptions.messages(3);

        JobOptions changed = options.idleTimeout(Duration.ofSeconds(9)).owner("thumbnails-x7k2p");

        assertThat(changed)
                .isEqualTo(new JobOptions(3, Duration.ofSeconds(9), "thumbnails-x7k2p", options.terminationLog()));
        assertThat(options.owner()).isNull();
        assertThat(options.idleTimeout()).hasSeconds(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 500})
    void twiceAsManyResultsMayBeUnsettledAsMayBeClaimed(int slots) {
        Settings settings = new Settings();
        settings.slots = slots;

        assertThat(settings.maxUnsettled(0)).isEqualTo(2 * slots);
        assertThat(settings.maxUnsettled(7_000)).isEqualTo(2 * slots + 14_000);
        assertThat(settings.maxUsed()).isEqualTo(3 * slots + 3 * Settings.MOST_AHEAD);
    }

    @Test
    void whatTheSourceIsToldToExpectCoversWhatIsSetAsideToo() {
        Settings settings = new Settings();

        assertThat(settings.plan().maxHeld()).isEqualTo(settings.maxUsed() + 2 * settings.maxAside());
    }

    @Test
    void sumsOfHugeBudgetsEndWhereTheCounterDoes() {
        Settings settings = new Settings();
        settings.prefetch = Integer.MAX_VALUE;

        assertThat(settings.maxUnsettled(settings.mostAhead())).isEqualTo(Integer.MAX_VALUE);
        assertThat(settings.maxHeld()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aJobClaimsNothingAheadOfItsSlots() {
        Settings settings = new Settings();
        settings.prefetch = 50;
        settings.job = JobOptions.messages(5);

        assertThat(settings.mostAhead()).isZero();
    }

    private static ConfigurationException problemOf(UnaryOperator<WorkerBuilder> configure) {
        return catchThrowableOfType(
                ConfigurationException.class, () -> build(configure).close());
    }

    private static Worker build(UnaryOperator<WorkerBuilder> configure) {
        return configure
                .apply(Worker.builder(new InMemorySource(new InMemoryQueue())).handler(claim -> {}))
                .build();
    }
}
