package dev.claimant.postgres;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text that goes into SQL: quoted names, quoted literals. */
final class Sql {

    private Sql() {}

    /** Whether the text can be a name or a literal in every setting of the server and the driver. */
    static boolean fits(String text) {
        return !text.isBlank() && text.codePointCount(0, text.length()) <= 200 && !hasUnfitCharacter(text);
    }

    /** The driver sends half of a surrogate pair as a question mark: two names would be one. */
    private static boolean hasUnfitCharacter(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isISOControl(c)
                        || c == '\\'
                        || c == '?'
                        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String nullableLiteral(@Nullable String text) {
        return text == null ? "NULL" : literal(text);
    }

    static String interval(Duration duration) {
        return "interval '" + duration.toMillis() + " milliseconds'";
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** {@code schema.table} or {@code table}, each part quoted. */
    static String qualifiedName(String table) {
        return String.join(
                ".", List.of(table.split("\\.", -1)).stream().map(Sql::quoted).toList());
    }

    /** What the server stores as UTF-8 text: no NUL, no half of a surrogate pair, bounded. */
    static String storable(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit) + " …";
        byte[] utf8 = cut.replace("\0", "").getBytes(StandardCharsets.UTF_8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /**
     * The template with its places filled: {@code %s} one after the other, {@code %2$s} by number, nothing else. {@link String#format}
     * would bring a formatter of numbers, their locales and patterns with it: 20 ms of each start.
     */
    static String filled(String template, Object... values) {
        StringBuilder text = new StringBuilder(2 * template.length());
        int next = 0;
        int from = 0;
        for (int place = template.indexOf('%'); place >= 0; place = template.indexOf('%', from)) {
            text.append(template, from, place);
            from = template.indexOf('s', place) + 1;
            text.append(values[from == place + 2 ? next++ : numbered(template.substring(place + 1, from))]);
        }
        return text.append(template, from, template.length()).toString();
    }

    private static int numbered(String place) {
        if (!place.endsWith("$s")) {
            throw new IllegalArgumentException("neither %s nor %1$s: %" + place);
        }
        return Integer.parseInt(place.substring(0, place.length() - 2)) - 1;
    }
}
