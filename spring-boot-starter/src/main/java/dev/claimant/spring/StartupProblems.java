package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** Collects what is wrong with workers and listeners, each by the name of its property, to report it all at once. */
final class StartupProblems {

    private static final Pattern SETTING = Pattern.compile("^([A-Za-z]+(?:\\.[A-Za-z]+)*): (.*)$", Pattern.DOTALL);

    private final List<String> found = new ArrayList<>();

    void add(String problem) {
        found.add(problem);
    }

    void when(boolean wrong, String problem) {
        if (wrong) {
            add(problem);
        }
    }

    /** Problems of core or of a backend, whose settings are properties under the prefix. */
    void addAll(String prefix, ConfigurationException problems) {
        for (String problem : problems.problems()) {
            var setting = SETTING.matcher(problem);
            add(
                    setting.matches()
                            ? prefix + "." + DataObjectPropertyName.toDashedForm(setting.group(1)) + ": "
                                    + setting.group(2)
                            : prefix + ": " + problem);
        }
    }

    /** With the exit code of a wrong configuration. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new WrongConfiguration(found);
        }
    }
}
