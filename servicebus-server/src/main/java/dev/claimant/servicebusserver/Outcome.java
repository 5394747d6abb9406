package dev.claimant.servicebusserver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client ends a lock.
 *
 * @param properties application properties to set
 * @param reason with {@link Kind#DEAD_LETTER}
 * @param description with {@link Kind#DEAD_LETTER}
 */
record Outcome(
        Kind kind,
        Map<String, Object> properties,
        @Nullable String reason,
        @Nullable String description) {

    enum Kind {
        COMPLETE("complete"),
        ABANDON("abandon"),
        DEFER("defer"),
        DEAD_LETTER("dead-letter"),
        RELEASE("release");

        /** For {@link Faults}. */
        final String operation;

        Kind(String operation) {
            this.operation = operation;
        }
    }

    static Outcome of(Kind kind) {
        return new Outcome(kind, Map.of(), null, null);
    }
}
