package dev.claimant.servicebusserver;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * A run of the script on one kind of server: that which {@code CLAIMANT_SERVICEBUS_CONNECTION_STRING} names, whose entities have locks of
 * {@code CLAIMANT_SERVICEBUS_LOCK_SECONDS}; with {@code CLAIMANT_BROKERS=docker} Microsoft's emulator; else our own.
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
        String given = System.getenv("CLAIMANT_SERVICEBUS_CONNECTION_STRING");
        String seconds = Objects.requireNonNullElse(System.getenv("CLAIMANT_SERVICEBUS_LOCK_SECONDS"), "5");
        Duration lock = Duration.ofSeconds(Long.parseLong(seconds));
        if (given == null && "docker".equals(System.getenv("CLAIMANT_BROKERS"))) {
            String emulator = Emulator.start(lock);
            return new Conformance(() -> new GivenTarget("Microsoft's emulator", emulator, lock, true));
        }
        if (given == null) {
            return new Conformance(OwnTarget::new);
        }
        return new Conformance(
                () -> new GivenTarget("CLAIMANT_SERVICEBUS_CONNECTION_STRING: " + host(given), given, lock, true));
    }

    /** Without the key. */
    private static String host(String connectionString) {
        return connectionString.replaceAll(".*Endpoint=sb://([^;/]*).*", "$1");
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
