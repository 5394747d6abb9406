package dev.claimant.servicebusserver;

import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;

/** What becomes of what a client sends on a link. */
interface IncomingLink {

    /** A whole message has come. */
    void received(Receiver link, Delivery delivery, byte[] bytes);
}
