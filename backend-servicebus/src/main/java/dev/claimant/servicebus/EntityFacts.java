package dev.claimant.servicebus;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the administration API says about a queue or subscription. */
record EntityFacts(
        Duration lockDuration,
        int maxDeliveryCount,
        boolean requiresSession,
        @Nullable String forwardTo,
        boolean isPartitioned,
        long active,
        long scheduled,
        long deadLetter) {}
