package dev.claimant.sample.manifests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text with places to fill in, such as {@code ${name}}. */
record Template(String text) {

    private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

    static Template resource(String name) {
        try (InputStream in = Objects.requireNonNull(Template.class.getResourceAsStream(name), name)) {
            return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With all places filled in. A value of several lines is indented as its place is; an empty one takes its line away. */
    String filled(Map<String, String> values) {
        return text.lines()
                .map(line -> filledLine(line, values))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String filledLine(String line, Map<String, String> values) {
        String indent = line.substring(0, line.length() - line.stripLeading().length());
        String filled = PLACE.matcher(line)
                .replaceAll(place -> Matcher.quoteReplacement(
                        value(place.group(1), values).strip().replace("\n", "\n" + indent)));
        return filled.isBlank() ? "" : filled;
    }

    private static String value(String name, Map<String, String> values) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
