package dev.claimant.sqs;

import org.jspecify.annotations.Nullable;

/**
 * What the queue's attributes say.
 *
 * @param deadLetters where given-up messages go; absent where they are not kept
 * @param maxReceiveCount after how many receives the queue's redrive policy gives a message up; 0 without a policy, or where it is not known
 * @param largestCopy how many bytes a message of the dead-letter queue may have, attributes included
 * @param arn the queue's, for the copies; its URL where it is not known
 */
record QueueFacts(@Nullable QueueAddress deadLetters, int maxReceiveCount, int largestCopy, String arn) {

    /** What SQS allows where a queue says nothing. */
    static final int LARGEST = 1_048_576;
}
