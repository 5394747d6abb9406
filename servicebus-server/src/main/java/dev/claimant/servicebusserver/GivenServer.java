package dev.claimant.servicebusserver;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server that the tests are given: what {@code CLAIMANT_SERVICEBUS_CONNECTION_STRING} names, or, if that is {@code own}, ours in a process of its
 * own; else Microsoft's emulator, where its images are at hand ({@code CLAIMANT_BROKERS=docker} insists on it). It has {@link GivenEntities}.
 *
 * @param administrationEndpoint absent: as the connection string says
 * @param lock how long locks hold; time truly passes
 * @param rules how many rules of a contract may run at the same time
 */
public record GivenServer(
        String name, String connectionString, @Nullable String administrationEndpoint, Duration lock, int rules) {

    private static final String VARIABLE = "CLAIMANT_SERVICEBUS_CONNECTION_STRING";
    private static final @Nullable GivenServer GIVEN = find();

    /** Absent where there is none: the tests then start servers of their own. What is used is printed at the first call. */
    public static @Nullable GivenServer ofEnvironment() {
        return GIVEN;
    }

    private static @Nullable GivenServer find() {
        String given = System.getenv(VARIABLE);
        String seconds = Objects.requireNonNullElse(System.getenv("CLAIMANT_SERVICEBUS_LOCK_SECONDS"), "5");
        String endpoint = System.getenv("CLAIMANT_SERVICEBUS_ADMINISTRATION_ENDPOINT");
        Duration lock = Duration.ofSeconds(Long.parseLong(seconds));
        int rules = GivenEntities.contractQueues().size();
        if ("own".equals(given)) {
            ServerProcess server = ServerProcess.start("given", seconds); // it ends with this JVM
            return announced(new GivenServer(
                    "servicebus-server in a process of its own",
                    server.connectionString(ServiceBusServer.KEY_NAME, ServiceBusServer.KEY),
                    server.administrationEndpoint(),
                    lock,
                    rules));
        }
        if (given != null) {
            String host = given.replaceAll(".*Endpoint=sb://([^:;/]*).*", "$1"); // without the key
            return announced(new GivenServer("given, " + host, given, endpoint, lock, rules));
        }
        if ("docker".equals(System.getenv("CLAIMANT_BROKERS")) || isAtHand(Emulator.IMAGE)) {
            return announced(Emulator.start(lock));
        }
        say("servicebus-server. Microsoft's emulator is left out, since there is no Docker with the image "
                + Emulator.IMAGE + "; " + VARIABLE + " is not set either");
        return null;
    }

    private static GivenServer announced(GivenServer server) {
        say(server.name);
        return server;
    }

    @SuppressWarnings("SystemOut") // the one line of a test run that says what it ran on
    private static void say(String what) {
        System.out.println("Service Bus for the tests: " + what);
    }

    /** Asks for the image, not for the engine: one that reaches no registry would keep the tests waiting. */
    private static boolean isAtHand(String image) {
        try {
            Process probe = new ProcessBuilder("docker", "image", "inspect", "-f", "ok", image)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false; // no Docker
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return name;
    }
}
