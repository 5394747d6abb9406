package dev.claimant.contract;

import org.jspecify.annotations.Nullable;

/**
 * A dead-lettered message as an operator finds it.
 *
 * @param body the payload, as it was claimed
 * @param reason why it was given up
 * @param idempotencyKey the message's, by which an operator sees that two are copies of one; absent where the dead letter does not show it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeadMessage(
        byte[] body, String reason, @Nullable String idempotencyKey) {}
