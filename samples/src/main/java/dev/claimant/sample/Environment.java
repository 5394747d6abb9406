package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads settings from environment variables and collects what is wrong with them. One that is empty counts as not set. */
final class Environment {

    private static final String OWN = "CLAIMANT_";

    private final Map<String, String> variables;
    private final Set<String> known = new HashSet<>();
    private final Map<String, String> problems = new LinkedHashMap<>();

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    @Nullable String text(String name) {
        known.add(name);
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value;
    }

    String textOr(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    String required(String name, String meaning) {
        String value = text(name);
        if (value == null) {
            problem(name, "not set", "must be " + meaning);
            return "";
        }
        return value;
    }

    String oneOf(String name, List<String> choices) {
        String value = required(name, "one of " + String.join(", ", choices));
        if (!value.isEmpty() && !choices.contains(value)) {
            problem(name, value, "must be one of " + String.join(", ", choices));
        }
        return value;
    }

    int number(String name, int least, int most, int otherwise) {
        return (int) numberIn(name, least, most, otherwise);
    }

    @Nullable Integer numberIfSet(String name, int least, int most) {
        return text(name) == null ? null : (int) numberIn(name, least, most, least);
    }

    Duration seconds(String name, long least, long most, Duration otherwise) {
        return text(name) == null ? otherwise : Duration.ofSeconds(numberIn(name, least, most, least));
    }

    @Nullable Duration secondsIfSet(String name, long least, long most) {
        return text(name) == null ? null : Duration.ofSeconds(numberIn(name, least, most, least));
    }

    @Nullable Path fileIfSet(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        Path file = Path.of(value);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            problem(name, value, "must be a file that can be read");
        }
        return file;
    }

    /** A value that is in one variable, or in the file that another one names: not in both. Returns the file. */
    @Nullable Path fileInsteadOf(String name, String file) {
        if (text(name) != null && text(file) != null) {
            problem(file, "set, and so is " + name + ": one of the two says it");
        }
        return fileIfSet(file);
    }

    void bothOrNeither(String one, String other) {
        if (text(one) == null ^ text(other) == null) {
            String missing = text(one) == null ? one : other;
            problem(missing, "not set", "must be, for " + (missing.equals(one) ? other : one) + " is");
        }
    }

    private long numberIn(String name, long least, long most, long otherwise) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        problem(name, value, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    private void problem(String name, String value, String rule) {
        problem(name, value + ": " + rule);
    }

    /** Says what is wrong with a variable; what is said first of it is enough. */
    void problem(String name, String what) {
        problems.putIfAbsent(name, what);
    }

    /** The variables that were looked for. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    /** What is wrong so far, by variable. */
    Map<String, String> problems() {
        return Map.copyOf(problems);
    }

    /**
     * Ends the reading: a variable of ours that nobody asked for is a typing error.
     *
     * @throws ConfigurationException with all problems found
     */
    void check() {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (name.startsWith(OWN) && !known.contains(name)) {
                problem(name, value, "is not a setting; these are: " + String.join(", ", ownSettings()));
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems.entrySet().stream()
                    .map(problem -> problem.getKey() + ": " + problem.getValue())
                    .toList());
        }
    }

    private Set<String> ownSettings() {
        Set<String> own = new TreeSet<>(known);
        own.removeIf(name -> !name.startsWith(OWN));
        return own;
    }
}
