package dev.claimant.benchmarks.harness;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.spi.Source;
import java.nio.ByteBuffer;

/** A worker as the README builds it, on the source of a subclass. */
public abstract class WorkerProgram implements Program {

    /** Not open yet. */
    protected abstract Source source();

    @Override
    public final AutoCloseable start(Duty duty) {
        Source source = source();
        Worker worker = tune(Worker.builder(source).slots(duty.slots()), duty)
                .handler(new Handler() {
                    @Override
                    public void handle(Claim claim) throws InterruptedException {
                        duty.handle(number(claim));
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

    /** The number that the message carries: its first four bytes. */
    protected int number(Claim claim) {
        return ByteBuffer.wrap(claim.message().body()).getInt();
    }
}
