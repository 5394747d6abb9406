package dev.claimant.benchmarks.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusProcessorClient;
import com.azure.messaging.servicebus.ServiceBusReceivedMessageContext;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The SDK's processor, which renews by itself, with as many calls at once as there are slots. All else by default, except that the handler
 * completes its message: the processor's own completions cannot be waited for, and its end cuts them off.
 */
public final class ProcessorProgram implements Program {

    private final AtomicInteger open = new AtomicInteger();

    @Override
    public AutoCloseable start(Duty duty) {
        ServiceBusProcessorClient processor = new ServiceBusClientBuilder()
                .connectionString(Target.given().connectionString())
                .processor()
                .queueName(Target.QUEUE)
                .maxConcurrentCalls(duty.slots())
                .disableAutoComplete()
                .processMessage(context -> handle(duty, context))
                .processError(context -> context.getException().printStackTrace())
                .buildProcessorClient();
        processor.start();
        return () -> {
            RawProgram.awaitNone(open);
            processor.close();
        };
    }

    private void handle(Duty duty, ServiceBusReceivedMessageContext context) {
        open.incrementAndGet();
        try {
            duty.handle(Target.number(context.getMessage().getBody().toString()));
            context.complete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            open.decrementAndGet();
        }
    }
}
