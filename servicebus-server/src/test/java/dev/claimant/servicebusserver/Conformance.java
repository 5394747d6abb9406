package dev.claimant.servicebusserver;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * A run of the script on one kind of server: the {@link GivenServer}, or, if there is none, our own.
 */
final class Conformance {

    private final Callable<Target> targets;
    /** What each line has come to; those that are left out with the reason. */
    private final Map<String, String> results = new TreeMap<>();

    private String server = "";

    Conformance(Callable<Target> targets) {
        this.targets = targets;
    }

    static Conformance ofEnvironment() {
        GivenServer given = GivenServer.ofEnvironment();
        return new Conformance(
                given == null
                        ? OwnTarget::new
                        : () -> new GivenTarget(given.name(), given.connectionString(), given.lock(), true));
    }

    void run(Script.Line line, Sdk sdk) throws Throwable {
        try (Target target = targets.call()) {
            server = target.name();
            String result = "kept";
            try {
                line.run(target, sdk);
            } catch (Target.NotHere e) {
                result = "left out, " + e.getMessage();
            } catch (Throwable e) {
                results.put(sdk.name() + " " + line, "broken");
                throw e;
            }
            results.put(sdk.name() + " " + line, result);
        }
    }

    long count(String result) {
        return results.values().stream().filter(each -> each.startsWith(result)).count();
    }

    void report() {
        System.out.printf(
                "conformance of %s: %d kept, %d broken, %d left out%n",
                server, count("kept"), count("broken"), count("left out"));
        results.forEach((line, result) -> {
            if (!result.equals("kept")) {
                System.out.println("  " + line + ": " + result);
            }
        });
    }
}
