package dev.claimant.servicebusserver;

/** What a shared access key allows. */
public enum Right {
    /** Receive and settle. */
    LISTEN,
    /** Send and schedule. */
    SEND,
    /** Everything, the administration API included. */
    MANAGE
}
