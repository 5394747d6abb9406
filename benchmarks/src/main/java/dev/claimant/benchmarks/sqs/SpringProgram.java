package dev.claimant.benchmarks.sqs;

import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import java.time.Duration;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The listener container of Spring Cloud AWS with its defaults, ten messages at once, without an application context. */
public class SpringProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        Target target = Target.given();
        SqsAsyncClient client = RawProgram.userClient(target);
        SqsMessageListenerContainer<String> container = SqsMessageListenerContainer.<String>builder()
                .sqsAsyncClient(client)
                .queueNames(target.queueUrl())
                .configure(options -> tune(options.pollTimeout(Duration.ofSeconds(Target.LONGEST_POLL_SECONDS))))
                .messageListener(message -> handle(duty, message))
                .build();
        container.start();
        return () -> {
            container.stop();
            client.close();
        };
    }

    /** Sets what is to differ from the defaults: nothing. */
    protected void tune(SqsContainerOptionsBuilder options) {}

    private static void handle(Duty duty, Message<String> message) {
        try {
            duty.handle(Target.number(message.getPayload()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
