package dev.claimant.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Gate;
import dev.claimant.Handler;
import dev.claimant.Message;
import dev.claimant.Worker;
import dev.claimant.WorkerListener;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counts of what a real worker asks of its source: renewals, and calls that fail. */
class SourceMetricsTest extends MeasuredWorker {

    @Test
    void renewalsAreCountedByVerdictAndEachCallIsTimed() throws Exception {
        InMemoryQueue shortLocks = new InMemoryQueue(
                InMemoryQueue.allCapabilities().with(all -> all.lockLength(Duration.ofMillis(2_400))),
                System::nanoTime);
        InMemorySource source = new InMemorySource(shortLocks);
        shortLocks.send(Message.of("m", ""));
        Renewals heard = new Renewals();
        Handler handler = claim -> {
            if (claim.delivery() == 1) {
                heard.applied.await();
                source.losesAnswers(true);
                heard.unknown.await();
                source.losesAnswers(false);
                source.expireLock(claim);
                awaitInterrupt();
            }
        };

        runUntil(heard.lost, worker(source, handler).listener(heard));

        Map<String, Long> counted = Counted.in(registry);
        assertThat(counted)
                .containsEntry("locks.renewed verdict=applied", heard.applied.opened())
                .containsEntry("locks.renewed verdict=unknown", heard.unknown.opened())
                .containsEntry("locks.renewed verdict=lost", heard.lost.opened())
                .containsEntry("renewal", heard.calls.opened());
    }

    @Test
    void aSourceThatCannotBeOpenedIsCountedAtEachTry() throws Exception {
        source.unreachable(true);
        Gate failed = new Gate(2);
        Worker worker = worker(claim -> {})
                .listener(new WorkerListener() {
                    @Override
                    public void sourceFailed(String operation, Exception problem) {
                        failed.open();
                        source.unreachable(failed.opened() < 2);
                    }
                })
                .build();
        Thread running = new Thread(worker::run);
        running.start();
        failed.await();
        worker.close();
        running.join();

        assertThat(Counted.in(registry)).isEqualTo(Map.of("source.failures operation=open_the_source", 2L));
    }

    @Test
    void failedClaimsAreCounted() throws Exception {
        send("m");
        Gate failed = new Gate();
        Handler handler = claim -> {
            source.unreachable(true);
            send("wakes the claim that waits");
        };

        runUntil(failed, worker(handler).flushTimeout(Duration.ofMillis(1)).listener(new WorkerListener() {
            @Override
            public void sourceFailed(String operation, Exception problem) {
                failed.open();
            }
        }));

        assertThat(Counted.in(registry)).containsEntry("source.failures operation=claim", failed.opened());
    }

    private static final class Renewals implements WorkerListener {
        final Gate applied = new Gate();
        final Gate unknown = new Gate(2);
        final Gate lost = new Gate();
        final Gate calls = new Gate();

        @Override
        public void renewed(int applied, int lost, int unknown, Duration took) {
            this.applied.open(applied);
            this.unknown.open(unknown);
            this.lost.open(lost);
            calls.open();
        }
    }
}
