package dev.claimant.servicebusserver;

/** An operation that may be made to fail, to wait, or to stay without an answer. */
interface Guarded {

    void run() throws AmqpError;

    /** Tells the client that it is done. */
    void done();

    void failed(AmqpError error);
}
