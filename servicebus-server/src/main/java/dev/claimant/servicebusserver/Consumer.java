package dev.claimant.servicebusserver;

/** Who is given messages: a receiving link. */
interface Consumer {

    /** The name of its link. */
    String name();

    /** How many it still takes. */
    int credit();

    /** Whether messages are deleted when they are sent to it. */
    boolean deletes();

    /** The lane it takes from. */
    Lane lane();

    void deliver(StoredMessage message);

    /** Its session is no longer its own. */
    void sessionLost();
}
