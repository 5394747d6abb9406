package dev.claimant.benchmarks.sqs;

import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;

/** The same container with fifty messages at once. */
public final class SpringFiftyProgram extends SpringProgram {

    private static final int AT_ONCE = 50;

    @Override
    protected void tune(SqsContainerOptionsBuilder options) {
        options.maxConcurrentMessages(AT_ONCE).maxMessagesPerPoll(AT_ONCE);
    }
}
