package dev.claimant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a configuration, to report it all at once. */
final class Problems {

    /** No time-out or delay may be longer, so that none overflows a counter of nanoseconds: a hundred years. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private final List<String> found = new ArrayList<>();

    void when(boolean wrong, String setting, @Nullable Object value, String rule) {
        if (wrong) {
            found.add(setting + ": " + (value instanceof String ? "'" + value + "'" : value) + " " + rule);
        }
    }

    /** Whether there is no value, which is a problem of its own. */
    boolean whenMissing(String setting, @Nullable Object value) {
        when(value == null, setting, null, "must be set");
        return value == null;
    }

    void whenNegative(String setting, Duration value) {
        if (!whenMissing(setting, value)) {
            when(value.isNegative(), setting, value, "must not be negative");
            whenTooLong(setting, value);
        }
    }

    void whenNotPositive(String setting, Duration value) {
        if (!whenMissing(setting, value)) {
            when(value.isNegative() || value.isZero(), setting, value, "must be longer than zero");
            whenTooLong(setting, value);
        }
    }

    private void whenTooLong(String setting, Duration value) {
        when(value.compareTo(LONGEST) > 0, setting, value, "must not be longer than " + LONGEST.toDays() + " days");
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found);
        }
    }
}
