package dev.claimant.servicebusserver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/** Delivers what can be delivered, to the consumers in turn. */
final class Dispatcher {

    private final List<Consumer> consumers = new ArrayList<>();
    private final BiConsumer<StoredMessage, Consumer> delivery;
    private boolean isPumping;

    /** @param delivery what is done with a message that is no longer available */
    Dispatcher(BiConsumer<StoredMessage, Consumer> delivery) {
        this.delivery = delivery;
    }

    void add(Consumer consumer) {
        consumers.add(consumer);
    }

    /** Returns whether it was there. */
    boolean remove(Consumer consumer) {
        return consumers.remove(consumer);
    }

    void pump() {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            boolean hasMoved = true;
            while (hasMoved) {
                hasMoved = false;
                for (Consumer consumer : List.copyOf(consumers)) {
                    var next = consumer.credit() > 0 ? consumer.lane().available.pollFirstEntry() : null;
                    if (next != null) {
                        delivery.accept(next.getValue(), consumer);
                        hasMoved = true;
                    }
                }
            }
        } finally {
            isPumping = false;
        }
        if (consumers.size() > 1) {
            Collections.rotate(consumers, 1);
        }
    }
}
