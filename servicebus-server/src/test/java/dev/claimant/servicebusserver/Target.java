package dev.claimant.servicebusserver;

import java.time.Duration;

/** A server that the conformance script is run against, with {@link GivenEntities#ofScript}, which are empty. */
interface Target extends AutoCloseable {

    /** What a line needs that the server does not have. */
    final class NotHere extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotHere(String reason) {
            super(reason);
        }
    }

    String name();

    /** With all rights. */
    String connectionString();

    /** How long a lock holds; the script's unit of time. */
    Duration lock();

    /** Lets time pass for the server. */
    void pass(Duration time);

    /** The hooks of our own server. */
    ServiceBusServer own();

    @Override
    void close();
}
