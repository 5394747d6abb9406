package dev.claimant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads on which a real worker runs handlers. */
@Timeout(60)
class HandlerThreadsTest {

    private final InMemoryQueue queue = new InMemoryQueue();
    private final InMemorySource source = new InMemorySource(queue);

    @Test
    void handlersRunOnVirtualThreadsWhereTheJdkHasThemForGood() throws Exception {
        boolean expected = Runtime.version().feature() >= 21;
        CompletableFuture<Boolean> virtual = new CompletableFuture<>();
        send("a");
        try (Worker worker = Worker.builder(source)
                .handler(claim -> virtual.complete(isVirtual(Thread.currentThread())))
                .build()) {
            worker.start();
            assertThat(virtual.get(20, SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void handlersRunOnThreadsOfTheApplicationsChoiceNamedAfterTheWorker() throws Exception {
        ThreadGroup group = new ThreadGroup("the application's");
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        send("a");
        try (Worker worker = Worker.builder(source)
                .name("mailer")
                .handlerThreads(task -> new Thread(group, task))
                .handler(claim -> ran.complete(Thread.currentThread()))
                .build()) {
            worker.start();
            Thread thread = ran.get(20, SECONDS);
            assertThat(thread.getName()).isEqualTo("mailer-slot-1");
            assertThat(thread.getThreadGroup()).isSameAs(group);
        }
    }

    @Test
    void asManyThreadsAreMadeAsHandlersRunAtOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Gate allRun = new Gate(3);
        Gate mayEnd = new Gate();
        send("a", "b", "c");
        try (Worker worker = Worker.builder(source)
                .slots(100)
                .handlerThreads(task -> {
                    made.incrementAndGet();
                    return new Thread(task);
                })
                .handler(claim -> {
                    allRun.open();
                    mayEnd.await();
                })
                .build()) {
            worker.start();
            allRun.await();
            assertThat(made).hasValue(3);
            mayEnd.open();
        }
    }

    @Test
    void aHandlerThatTakesTooLongIsInterruptedThoughTheTimerSleptWhenItBegan() throws Exception {
        Gate interrupted = new Gate();
        send("a");
        try (Worker worker = Worker.builder(source)
                .handlerTimeout(Duration.ofMillis(100))
                .handler(claim -> {
                    try {
                        new Gate().await();
                    } catch (InterruptedException e) {
                        interrupted.open();
                        throw e;
                    }
                })
                .build()) {
            worker.start();
            interrupted.await();
        }
    }

    @Test
    void anInterruptThatAHandlerLeavesBehindDoesNotReachTheNext() throws Exception {
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        send("a", "b");
        try (Worker worker = Worker.builder(source)
                .slots(1)
                .handler(claim -> {
                    if (claim.id().equals("a")) {
                        Thread.currentThread().interrupt();
                    } else {
                        second.complete(Thread.currentThread().isInterrupted());
                    }
                })
                .build()) {
            worker.start();
            assertThat(second.get(20, SECONDS)).isFalse();
        }
    }

    /** To interrupt a thread may run code of the application: that of the channel that it reads, or of its own kind of thread. */
    @Test
    void anInterruptThatDoesNotReturnHoldsUpNoOtherMessage() throws Exception {
        Gate interrupting = new Gate();
        Gate mayReturn = new Gate();
        class Slow extends Thread {
            Slow(Runnable task) {
                super(task);
            }

            @Override
            public void interrupt() {
                interrupting.open();
                mayReturn.awaitWhateverHappens();
                super.interrupt();
            }
        }
        Gate bothRun = new Gate(2);
        CompletableFuture<Claim> stuck = new CompletableFuture<>();
        send("a", "b");
        try (Worker worker = Worker.builder(source)
                .slots(2)
                .handlerThreads(Slow::new)
                .handler(claim -> {
                    bothRun.open();
                    bothRun.await();
                    if (claim.id().equals("a") && stuck.complete(claim)) {
                        mayReturn.awaitWhateverHappens();
                    }
                })
                .build()) {
            worker.start();
            source.takeAway(List.of(stuck.get(20, SECONDS)));
            interrupting.await();

            send("c", "d");

            await().until(() -> queue.backlog().scaler() == 0);
            mayReturn.open();
        }
    }

    @Test
    void anInterruptThatComesWhenTheHandlerHasLongReturnedDisturbsNobody() throws Exception {
        CompletableFuture<Thread> first = new CompletableFuture<>();
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        send("a");
        try (Worker worker = Worker.builder(source)
                .slots(1)
                .handler(claim -> {
                    if (!first.complete(Thread.currentThread())) {
                        second.complete(Thread.currentThread().isInterrupted());
                    }
                })
                .build()) {
            worker.start();
            Thread slot = first.get(20, SECONDS);
            await().until(() -> worker.stats().running() == 0 && slot.getState() == Thread.State.WAITING);
            slot.interrupt(); // by a time-out of the application's own that comes late
            send("b");
            assertThat(second.get(20, SECONDS)).isFalse();
        }
    }

    private void send(String... ids) {
        for (String id : ids) {
            queue.send(Message.of(id, ""));
        }
    }

    private static boolean isVirtual(Thread thread) {
        return thread.getClass().getSimpleName().equals("VirtualThread");
    }
}
