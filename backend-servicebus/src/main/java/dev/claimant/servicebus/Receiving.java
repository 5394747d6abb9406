package dev.claimant.servicebus;

/**
 * Has Service Bus send messages into the {@link DeliveryBuffer}: by one link, or by a link for each session. The lock of the buffer is held by
 * the caller, except where said.
 */
interface Receiving {

    /** Opens the first link without asking for messages. */
    void open();

    /** Sees to it that as many messages may come as are wanted and not there. Called again and again while a claim waits. */
    void ask(int demand);

    /** How long until {@link #ask} may have something to do, though nothing has come. */
    long nanosToNextAsk();

    /** Begins anew, since messages are there and none comes. */
    void openAnew();

    /** Begins anew on another connection, which is there by now; the old one is dead. */
    default void connectAnew() {
        openAnew();
    }

    /** What has arrived and is not claimed goes back, and so does what still arrives. */
    void stop();

    /** Ends everything, and waits until it has, for a while. Without the lock. */
    void close();
}
