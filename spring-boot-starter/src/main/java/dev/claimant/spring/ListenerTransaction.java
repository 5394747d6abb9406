package dev.claimant.spring;

/** How a listener's work and the end of its message belong together. */
public enum ListenerTransaction {

    /** The container begins no transaction; the method may have one of its own, and the message is completed after it. */
    NONE,

    /**
     * For a PostgreSQL source in the application's own database: the method runs in a transaction of the application's transaction manager, and
     * the message is completed in it. Both are committed or neither; see {@link dev.claimant.postgres.PostgresClaim#completeIn}.
     */
    COMPLETE,

    /**
     * For every source: the method runs in a transaction of the application's transaction manager, together with a note of the message's
     * idempotency key in the inbox that has the worker's name. A redelivered message changes nothing; see {@link dev.claimant.postgres.Inbox}.
     */
    INBOX
}
