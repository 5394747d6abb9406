package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import java.util.Map;
import java.util.Set;

/**
 * What the sample's worker would make of an environment, without starting.
 *
 * @param read the variables that it looks for
 * @param problems what is wrong, by variable
 */
public record SettingsReport(Set<String> read, Map<String, String> problems) {

    /** Reads the environment as a worker does. */
    public static SettingsReport of(Map<String, String> variables) {
        Environment env = new Environment(variables);
        try {
            Settings.read(env);
        } catch (ConfigurationException e) {
            return new SettingsReport(env.known(), env.problems());
        }
        return new SettingsReport(env.known(), Map.of());
    }
}
