package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;

class LifecycleTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two handlers, of which each returns only after the other was begun and the drain of both has. */
    @Configuration(proxyBeanMethods = false)
    static class TwoWorkers {

        final CountDownLatch bothRun = new CountDownLatch(2);
        final Queue<String> ends = new ConcurrentLinkedQueue<>();

        @Bean
        Handler first(ClaimantWorkers workers) {
            return claim -> untilBothDrain(workers, "first");
        }

        @Bean
        Handler second(ClaimantWorkers workers) {
            return claim -> untilBothDrain(workers, "second");
        }

        private void untilBothDrain(ClaimantWorkers workers, String name) throws InterruptedException {
            bothRun.countDown();
            while (runs(workers, "first") || runs(workers, "second")) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            ends.add(name);
        }

        /** A worker that has drained by now counts too: the other one's handler may have been quicker. */
        private static boolean runs(ClaimantWorkers workers, String name) {
            return workers.worker(name).state() == Worker.State.RUNNING;
        }

        /** In the place of the web server and the data sources, which go in later phases. */
        @Bean
        Later later() {
            return new Later(ends);
        }
    }

    static final class Later implements SmartLifecycle {

        private final Queue<String> ends;
        private boolean running;

        Later(Queue<String> ends) {
            this.ends = ends;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            ends.add("web server");
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1024;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OneWorker {

        final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Bean
        Handler emails() {
            return claim -> seen.add(claim.text());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Unreachable {

        final InMemoryQueue queue = new InMemoryQueue();

        @Bean
        @Scope("prototype")
        Source mySource() {
            InMemorySource source = new InMemorySource(queue);
            source.unreachable(true);
            sources.add(source);
            return source;
        }

        final Queue<InMemorySource> sources = new ConcurrentLinkedQueue<>();
    }

    @Test
    void allWorkersDrainSideBySideBeforeLaterPhases() {
        TwoWorkers[] kept = new TwoWorkers[1];
        Contexts.inMemory().withUserConfiguration(TwoWorkers.class).run(context -> {
            kept[0] = context.getBean(TwoWorkers.class);
            InMemoryQueues queues = context.getBean(InMemoryQueues.class);
            queues.send("first", "1");
            queues.send("second", "2");
            assertThat(kept[0].bothRun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        });

        assertThat(kept[0].ends).hasSize(3).last().isEqualTo("web server");
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainHasNewWorkers() {
        Contexts.inMemory().withUserConfiguration(OneWorker.class).run(context -> {
            Worker first = context.getBean(ClaimantWorkers.class).worker("emails");
            context.stop();
            assertThat(first.state()).isEqualTo(Worker.State.STOPPED);

            context.start();
            context.getBean(InMemoryQueues.class).send("emails", "after");
            await().atMost(PATIENCE)
                    .until(() -> context.getBean(OneWorker.class).seen.contains("after"));
            assertThat(context.getBean(ClaimantWorkers.class).worker("emails")).isNotSameAs(first);
        });
    }

    @Test
    void aSourceThatIsAbsentAtTheStartDoesNotStopTheApplication() {
        ApplicationContextRunner application = Contexts.withSources()
                .withUserConfiguration(OneWorker.class, Unreachable.class)
                .withPropertyValues("claimant.workers.emails.source=mySource");
        application.run(context -> {
            Worker worker = context.getBean(ClaimantWorkers.class).worker("emails");
            assertThat(worker.whyNotReady()).contains("the source is not open yet");

            context.getBean(Unreachable.class).sources.forEach(source -> source.unreachable(false));

            await().atMost(PATIENCE).until(worker::isReady);
        });
    }

    @Test
    void customizersDecoratorsAndAutoStartupAreRespected() {
        Contexts.inMemory()
                .withUserConfiguration(OneWorker.class)
                .withBean(WorkerCustomizer.class, () -> (name, builder) -> builder.slots(name.length()))
                .withBean(
                        HandlerDecorator.class,
                        () -> (name, handler) -> claim -> {
                            throw new IllegalStateException("not reached: the workers are not started");
                        })
                .withPropertyValues("claimant.auto-startup=false")
                .run(context -> {
                    ClaimantWorkers workers = context.getBean(ClaimantWorkers.class);
                    assertThat(workers.all()).hasSize(1);
                    assertThat(workers.worker("emails").state()).isEqualTo(Worker.State.NEW);
                    assertThat(workers.worker("emails").stats().slots()).isEqualTo("emails".length());
                    assertThat(workers.all()).isEqualTo(Map.of("emails", workers.worker("emails")));
                });
    }
}
