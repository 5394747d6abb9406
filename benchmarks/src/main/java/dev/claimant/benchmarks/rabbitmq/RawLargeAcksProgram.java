package dev.claimant.benchmarks.rabbitmq;

/** The same with fewer acknowledgements, each of which is an entry in a quorum queue's log. Waits for ever for a hundredth message. */
public final class RawLargeAcksProgram extends RawProgram {

    @Override
    int messagesPerAck() {
        return 100;
    }
}
