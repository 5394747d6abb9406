package dev.claimant.sample.keda;

import dev.claimant.ConfigurationException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A place in a Kubernetes manifest. It knows its file and its path, so that every complaint names both. */
record Field(String file, String path, @Nullable Object value) {

    /** The one document of a kind in a file that may hold several. */
    static Field document(Path file, String kind) {
        return find(file, kind, null)
                .orElseThrow(() -> new ConfigurationException(List.of(file + ": holds no " + kind)));
    }

    /** The first document of a kind, and of a name where one is given. */
    static Optional<Field> find(Path file, String kind, @Nullable String name) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            for (Object document : new Yaml(new SafeConstructor(options)).loadAll(Files.readString(file))) {
                if (document instanceof Map<?, ?> fields && kind.equals(fields.get("kind"))) {
                    Field found = new Field(file.toString(), "", fields);
                    if (name == null || name.equals(found.at("metadata", "name").value)) {
                        return Optional.of(found);
                    }
                }
            }
            return Optional.empty();
        } catch (IOException | YAMLException e) {
            throw new ConfigurationException(List.of(file + ": cannot be read: " + e));
        }
    }

    /** KEDA would do nothing, or only half. */
    void mustNotBePaused() {
        for (String how :
                List.of("paused", "paused-replicas", "paused-scale-in", "paused-scale-out", "force-activation")) {
            at("metadata", "annotations", "autoscaling.keda.sh/" + how).mustBeAbsent("pausing is not modelled");
        }
    }

    /** The field below this one, which may be absent; several names lead further down. */
    Field at(String... names) {
        Field field = this;
        for (String name : names) {
            String below = field.path.isEmpty() ? name : field.path + "." + name;
            field = new Field(file, below, field.fields().get(name));
        }
        return field;
    }

    boolean isSet() {
        return value != null;
    }

    List<Field> items() {
        if (value instanceof List<?> list) {
            return IntStream.range(0, list.size())
                    .mapToObj(i -> new Field(file, path + "[" + i + "]", list.get(i)))
                    .toList();
        }
        if (isSet()) {
            throw wrong("must be a list");
        }
        return List.of();
    }

    List<String> texts() {
        return items().stream().map(Field::text).toList();
    }

    /** The fields below this one, each of them text: an unquoted number is what the API server would refuse, too. */
    Map<String, String> textByName() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields().keySet()
                .forEach(name ->
                        texts.put(String.valueOf(name), at(String.valueOf(name)).text()));
        return texts;
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("must be text (in quotes, if it looks like a number)");
    }

    String textOr(String otherwise) {
        return isSet() ? text() : otherwise;
    }

    <T> T choice(Map<String, T> choices) {
        @Nullable T chosen = choices.get(text());
        if (chosen == null) {
            throw wrong("must be one of " + String.join(", ", new TreeSet<>(choices.keySet())));
        }
        return chosen;
    }

    <T> T choiceOr(Map<String, T> choices, T otherwise) {
        return isSet() ? choice(choices) : otherwise;
    }

    int number(int lowest) {
        if (value instanceof Integer number && number >= lowest) {
            return number;
        }
        throw wrong("must be a whole number of at least " + lowest);
    }

    int numberOr(int lowest, int otherwise) {
        return isSet() ? number(lowest) : otherwise;
    }

    OptionalInt numberIfSet(int lowest) {
        return isSet() ? OptionalInt.of(number(lowest)) : OptionalInt.empty();
    }

    Duration secondsOr(int lowest, int otherwise) {
        return Duration.ofSeconds(numberOr(lowest, otherwise));
    }

    double decimalOr(double otherwise) {
        try {
            return isSet() ? new BigDecimal(String.valueOf(value)).doubleValue() : otherwise;
        } catch (NumberFormatException e) {
            throw wrong("must be a number");
        }
    }

    /** Says of a field that would change the outcome, yet is not modelled, that it is in the way. */
    void mustBeAbsent(String reason) {
        if (isSet()) {
            throw wrong("must be left out: " + reason);
        }
    }

    ConfigurationException wrong(String requirement) {
        String found = isSet() ? "but is: " + value : "but is missing";
        return new ConfigurationException(List.of(file + ": " + path + " " + requirement + ", " + found));
    }

    private Map<?, ?> fields() {
        if (value instanceof Map<?, ?> fields) {
            return fields;
        }
        if (isSet()) {
            throw wrong("must hold fields");
        }
        return Map.of();
    }
}
