package dev.claimant.benchmarks.sqs;

import dev.claimant.sqs.SqsMessages;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The same loops over Claimant's transport: shows what the transport alone changes. */
public final class RawTransportProgram extends RawProgram {

    @Override
    protected SqsAsyncClient client(Target target) {
        return SqsMessages.client(ClaimantProgram.config(target));
    }
}
