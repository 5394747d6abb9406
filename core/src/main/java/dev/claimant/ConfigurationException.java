package dev.claimant;

import java.util.List;

/** The configuration is wrong: every problem found, each naming its setting and value. Nothing was claimed. */
public class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** Reports all problems at once; each names the setting, its value and what would do. */
    public ConfigurationException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one sentence each. */
    public List<String> problems() {
        return problems;
    }
}
