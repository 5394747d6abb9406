package dev.claimant.benchmarks.rabbitmq;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.benchmarks.harness.Duty;
import dev.claimant.benchmarks.harness.Program;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.rabbitmq.RabbitMqSource;
import java.nio.ByteBuffer;

/** A worker as the README builds it. */
public class ClaimantProgram implements Program {

    @Override
    public AutoCloseable start(Duty duty) {
        RabbitMqSource source = RabbitMqSource.of(config(Target.given()));
        Worker worker = tune(Worker.builder(source).slots(duty.slots()), duty)
                .handler(new Handler() {
                    @Override
                    public void handle(Claim claim) throws InterruptedException {
                        duty.handle(ByteBuffer.wrap(claim.message().body()).getInt());
                    }
                })
                .build();
        worker.start();
        return () -> {
            worker.drain();
            worker.close();
            source.close();
        };
    }

    /** Sets what is to differ from the defaults: nothing. */
    protected WorkerBuilder tune(WorkerBuilder worker, Duty duty) {
        return worker;
    }

    static RabbitMqConfig config(Target target) {
        RabbitMqConfig.Builder config = RabbitMqConfig.queue(target.uri(), target.queue());
        return (target.isQuorum() ? config : config.classic()).build();
    }
}
