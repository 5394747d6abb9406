package dev.claimant.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The same role has the same file name in every backend, and no name means two things. The list is in CONTRIBUTING, "A backend in ten
 * files".
 */
public final class Skeleton {

    /** What every backend has. */
    private static final Set<String> ALWAYS =
            Set.of("StartupCheck", "Connections", "Claiming", "Settling", "BacklogQuery");

    /** What begins with the backend's own name. */
    private static final Set<String> NAMED_AFTER_THE_BACKEND = Set.of("Source", "Config", "Claim", "Errors");

    /** Names that a role had once, and the one that it has now. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("Arrivals", "DeliveryBuffer"),
            Map.entry("Asked", "the name of what is asked"),
            Map.entry("Bell", "the name of what it notifies"),
            Map.entry("Cluster", "Connections"),
            Map.entry("Counting", "BacklogQuery"),
            Map.entry("Deliveries", "Messages"),
            Map.entry("Ear", "the name of what it listens to"),
            Map.entry("Errands", "BrokerThread"),
            Map.entry("Intake", "Claiming"),
            Map.entry("Ledger", "Holding"),
            Map.entry("Lent", "BorrowedConnection"),
            Map.entry("Lifecycle", "Connections or BrokerThread"),
            Map.entry("Management", "ManagementClient"),
            Map.entry("Scaling", "BacklogQuery"),
            Map.entry("Session", "Connections"),
            Map.entry("Steering", "CreditPolicy"),
            Map.entry("Turnstile", "PriorityMutex"),
            Map.entry("Watch", "LockWatch"));

    /** These are for operators and for applications, and public wherever there are such. */
    private static final Set<String> PUBLIC = Set.of("DeadLetters", "Inbox");

    private Skeleton() {}

    /**
     * What differs from the skeleton, a sentence for each.
     *
     * @param files the folder with the backend's main sources
     * @param prefix the backend's own name in its types
     */
    public static List<String> differences(Path files, String prefix) {
        Set<String> names = names(files);
        List<String> differences = new ArrayList<>();
        missing(names, ALWAYS, "").forEach(differences::add);
        missing(names, NAMED_AFTER_THE_BACKEND, prefix).forEach(differences::add);
        OTHER_NAMES.forEach((other, role) -> {
            if (names.contains(other)) {
                differences.add(other + " is called " + role);
            }
        });
        for (String name : PUBLIC) {
            if (names.contains(name) && !text(files.resolve(name + ".java")).contains("\npublic ")) {
                differences.add(name + " is the public one, for operators or applications");
            }
        }
        return differences;
    }

    private static Stream<String> missing(Set<String> names, Set<String> roles, String prefix) {
        return roles.stream()
                .map(role -> prefix + role)
                .filter(name -> !names.contains(name))
                .map(name -> name + " is missing");
    }

    private static Set<String> names(Path files) {
        try (Stream<Path> all = Files.list(files)) {
            return all.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
