package dev.claimant;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The dead letters of one source, for an operator: each backend has a class {@code DeadLetters} that is one, and may offer more. */
public interface DeadLetterStore {

    /** What every source knows of a message that was given up. */
    interface Letter {

        /** By which the other methods name it. */
        String id();

        /** The key that it keeps when it is redriven; absent where it has none. */
        @Nullable String idempotencyKey();

        /** Why it was given up; absent where a broker that gives no reason has done it. */
        @Nullable String reason();

        /** The last failure with its stack, where there was one. */
        @Nullable String error();

        /** How often it was tried; 0 where that is not known. */
        int attempts();

        /** When it was given up; where the source does not keep that, when it was sent; absent where it keeps neither. */
        @Nullable Instant since();

        /** As the handler saw them. */
        Map<String, String> headers();

        /** As the handler saw it; absent where the message had none. */
        byte @Nullable [] body();
    }

    /** The first ones, in the source's order. */
    List<? extends Letter> list(int most);

    /** One of them. */
    Optional<? extends Letter> find(String id);

    /** Has these tried again, each on its first attempt; returns how many of them were there. */
    int redrive(List<String> ids);

    /** Has all tried again; returns how many. */
    int redriveAll();

    /** Removes these for good; returns how many of them were there. */
    int purge(List<String> ids);
}
