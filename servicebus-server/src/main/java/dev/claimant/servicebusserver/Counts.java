package dev.claimant.servicebusserver;

/** How many messages an entity has, in the parts that the administration API reports. */
public record Counts(long active, long deadLetter, long scheduled) {}
