package dev.claimant.servicebusserver;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a test gives a server wrong parts, to see whether the conformance script notices. */
class Parts {

    MessageQueue queue(
            String name,
            EntityOptions options,
            ServerClock clock,
            Set<Switch> switches,
            Changes changes,
            @Nullable MessageQueue deadLetters) {
        return new MessageQueue(name, options, clock, switches, changes, deadLetters);
    }

    /** What is stored of the messages that a client has sent at once. */
    List<byte[]> received(List<byte[]> messages) {
        return messages;
    }
}
