package dev.claimant.postgres;

import dev.claimant.ConfigurationException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What settings must be; each check adds a problem that names the setting and its value. */
final class Checks {

    private Checks() {}

    static void name(List<String> problems, String setting, @Nullable String value) {
        if (value == null || !Sql.fits(value)) {
            problems.add(setting + ": " + (value == null ? "null" : "'" + value + "'")
                    + " is not a name: 1 to 200 characters, no question mark, backslash or control character");
        }
    }

    static void within(List<String> problems, String setting, @Nullable Duration value, Duration least, Duration most) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            problems.add(setting + ": " + value + " is not between " + least + " and " + most);
        }
    }

    static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}
