package dev.claimant.contract;

/**
 * A dead-lettered message as an operator finds it.
 *
 * @param body the payload, as it was claimed
 * @param reason why it was given up
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeadMessage(byte[] body, String reason) {}
