package dev.claimant.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A source in Amazon SQS.
 *
 * @param url address of the queue
 * @param deadLetterQueue address of the queue for given-up messages; that of the redrive policy by default
 * @param withoutDeadLetters whether given-up messages are not kept
 * @param region AWS region, where the queue's address does not say it
 * @param endpoint address of another endpoint than the region's
 * @param fips whether to use the FIPS endpoint
 * @param dualStack whether to use the dual-stack endpoint
 * @param lockLength how long a claim or a renewal holds
 * @param longestLock how long a message may be held in all
 * @param longestPoll how long one request for messages waits
 * @param requestTimeout how long a request may take
 */
record SqsProperties(
        @Nullable String url,
        @Nullable String deadLetterQueue,
        boolean withoutDeadLetters,
        @Nullable String region,
        @Nullable String endpoint,
        boolean fips,
        boolean dualStack,
        @Nullable Duration lockLength,
        @Nullable Duration longestLock,
        @Nullable Duration longestPoll,
        @Nullable Duration requestTimeout) {}
