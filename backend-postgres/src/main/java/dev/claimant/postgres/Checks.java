package dev.claimant.postgres;

import dev.claimant.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What settings must be; each check adds a problem that names the setting and its value. */
final class Checks {

    private static final int MOST_INDEXED_BYTES = 1500;

    /** What the schema takes too. As text a body has twice its length, and the server sends no more than a gigabyte in one piece. */
    private static final int MOST_BODY_BYTES = 268_435_456;

    private static final int MOST_HEADER_BYTES = 16_777_216;

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

    /**
     * The text, if the server can store it as it is. The driver sends half a surrogate pair as a question mark: two keys would be one.
     *
     * @throws IllegalArgumentException naming the setting
     */
    static String storable(String setting, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    setting + ": '" + text.replace("\0", "\\0") + "' holds a NUL, which PostgreSQL cannot store");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    setting + ": '" + text + "' holds half of a surrogate pair, which is no character in UTF-8");
        }
        return text;
    }

    static void throwIfAny(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    /** A text that can be stored and is short enough for an index entry, which holds the name of a queue besides. */
    static String indexable(String setting, String text) {
        int bytes = storable(setting, text).getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_INDEXED_BYTES) {
            throw new IllegalArgumentException(setting + ": " + bytes + " bytes as UTF-8, more than the "
                    + MOST_INDEXED_BYTES + " that an index takes; use a hash of it: '" + text.substring(0, 40) + " …'");
        }
        return text;
    }

    /** A body that the schema takes. */
    static byte[] body(byte[] body) {
        bounded("body", body.length, MOST_BODY_BYTES);
        return body;
    }

    /** The length of headers that the server can store and the schema takes. */
    static long headers(Map<String, String> headers) {
        long bytes = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            bytes += utf8(storable("header", header.getKey()));
            bytes += utf8(storable("header " + header.getKey(), header.getValue()));
        }
        bounded("headers", bytes, MOST_HEADER_BYTES);
        return bytes;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void bounded(String setting, long bytes, long most) {
        if (bytes > most) {
            throw new IllegalArgumentException(setting + ": " + bytes + " bytes, more than the " + most
                    + " that a message may have; store it elsewhere" + " and enqueue where it is");
        }
    }
}
