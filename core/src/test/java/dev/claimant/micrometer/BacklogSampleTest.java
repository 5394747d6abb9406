package dev.claimant.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Backlog;
import dev.claimant.Gate;
import dev.claimant.SourceException;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BacklogSampleTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LITTLE = Duration.ofMillis(100);
    private static final Duration MUCH = Duration.ofSeconds(20);

    private final StandingClock clock = new StandingClock();
    private final AtomicInteger queries = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void oneAnswerServesAllReadsUntilTheIntervalHasPassed() {
        BacklogSample sample = sampleOf(MUCH, () -> Backlog.ofScaler(queries.incrementAndGet()));

        assertThat(sample.read(Backlog::scaler)).isEqualTo(1);
        assertThat(sample.read(Backlog::scaler)).isEqualTo(1);
        clock.advance(INTERVAL.minusNanos(1));
        assertThat(sample.read(Backlog::scaler)).isEqualTo(1);
        clock.advance(Duration.ofNanos(1));
        assertThat(sample.read(Backlog::scaler)).isEqualTo(2);
        assertThat(queries).hasValue(2);
    }

    @Test
    void aSourceThatHangsIsAskedOnceAndItsReadersWaitForItNoLongerThanTheirPatienceInAll() throws Exception {
        Gate asked = new Gate();
        Gate answers = new Gate();
        BacklogSample sample = sampleOf(LITTLE, () -> {
            queries.incrementAndGet();
            asked.open();
            answers.awaitWhateverHappens();
            return Backlog.ofScaler(7);
        });

        assertThat(sample.read(Backlog::scaler)).isNaN();
        asked.await();
        clock.advance(INTERVAL.multipliedBy(10));
        long before = System.nanoTime();
        for (int i = 0; i < 200; i++) {
            assertThat(sample.read(Backlog::scaler)).isNaN();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LITTLE.multipliedBy(100));
        assertThat(queries).hasValue(1);
        answers.open();
    }

    @Test
    void anAnswerThatComesLateServesTheReadsAfterIt() {
        Gate answers = new Gate();
        BacklogSample sample = sampleOf(LITTLE, () -> {
            answers.awaitWhateverHappens();
            return Backlog.ofScaler(7);
        });
        assertThat(sample.read(Backlog::scaler)).isNaN();

        answers.open();

        await().untilAsserted(() -> assertThat(sample.read(Backlog::scaler)).isEqualTo(7));
    }

    @Test
    void aFailureIsUnknownUntilTheNextQueryAndIsToldOnce() {
        AtomicInteger down = new AtomicInteger(1);
        BacklogSample sample = sampleOf(MUCH, () -> {
            queries.incrementAndGet();
            if (down.get() > 0) {
                throw new SourceException("connection refused", null);
            }
            return Backlog.ofScaler(7);
        });

        assertThat(sample.read(Backlog::scaler)).isNaN();
        assertThat(sample.read(Backlog::scaler)).isNaN();
        assertThat(queries).hasValue(1);
        assertThat(failures).containsExactly("backlog: connection refused");
        down.set(0);
        clock.advance(INTERVAL);

        assertThat(sample.read(Backlog::scaler)).isEqualTo(7);
    }

    @Test
    void anInterruptedReaderGetsUnknownAndStaysInterrupted() {
        Gate answers = new Gate();
        BacklogSample sample = sampleOf(MUCH, () -> {
            answers.awaitWhateverHappens();
            return Backlog.ofScaler(7);
        });

        Thread.currentThread().interrupt();
        double read = sample.read(Backlog::scaler);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(read).isNaN();
        answers.open();
    }

    private BacklogSample sampleOf(Duration patience, Supplier<Backlog> source) {
        return new BacklogSample(
                source,
                INTERVAL,
                patience,
                clock,
                (operation, problem) -> failures.add(operation + ": " + problem.getMessage()));
    }

    private static final class StandingClock implements Clock {
        private long nanos;

        void advance(Duration by) {
            nanos += by.toNanos();
        }

        @Override
        public long wallTime() {
            return nanos / 1_000_000;
        }

        @Override
        public long monotonicTime() {
            return nanos;
        }
    }
}
