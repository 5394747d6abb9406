package dev.claimant.benchmarks.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * The SDK's asynchronous client by hand: as much credit as there are slots, one more for each message whose completion is confirmed. Messages
 * are handled on the thread that receives them, or on as many threads as there are slots where that takes time. Nobody renews, retries, stops
 * in order or reports.
 */
public class RawProgram implements Program {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public AutoCloseable start(Duty duty) {
        ServiceBusReceiverAsyncClient client = new ServiceBusClientBuilder()
                .connectionString(Target.given().connectionString())
                .receiver()
                .queueName(Target.QUEUE)
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(0)
                .buildAsyncClient();
        ExecutorService handlers = Executors.newFixedThreadPool(duty.slots());
        Receiving receiving = new Receiving(client, duty, handlers, duty.slots() + ahead());
        client.receiveMessages().subscribe(receiving);
        return () -> {
            awaitNone(receiving.open);
            receiving.cancel();
            handlers.shutdown();
            client.close();
        };
    }

    /** Waits until the completions that are on their way are confirmed. */
    static void awaitNone(AtomicInteger open) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (open.get() > 0 && System.nanoTime() - giveUp < 0) {
            Thread.sleep(1);
        }
    }

    /** Credit beyond the slots. */
    protected int ahead() {
        return 0;
    }

    /** What arrives, and what becomes of it. */
    private static final class Receiving extends BaseSubscriber<ServiceBusReceivedMessage> {

        private final ServiceBusReceiverAsyncClient client;
        private final Duty duty;
        private final ExecutorService handlers;
        private final int credit;
        private final AtomicInteger open = new AtomicInteger();

        Receiving(ServiceBusReceiverAsyncClient client, Duty duty, ExecutorService handlers, int credit) {
            this.client = client;
            this.duty = duty;
            this.handlers = handlers;
            this.credit = credit;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(credit);
        }

        @Override
        protected void hookOnNext(ServiceBusReceivedMessage message) {
            open.incrementAndGet();
            if (duty.takesTime()) {
                handlers.execute(() -> handle(message));
            } else {
                handle(message);
            }
        }

        private void handle(ServiceBusReceivedMessage message) {
            try {
                duty.handle(Target.number(message.getBody().toString()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            client.complete(message).subscribe(nothing -> {}, this::fail, () -> {
                open.decrementAndGet();
                request(1);
            });
        }

        private void fail(Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }
}
