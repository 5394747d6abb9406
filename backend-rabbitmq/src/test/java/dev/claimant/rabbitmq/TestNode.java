package dev.claimant.rabbitmq;

import dev.claimant.contract.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A node of its own on free ports of the loopback, which ends with this JVM however that ends, its port mapper with it. */
public final class TestNode {

    private static final long START_SECONDS = 90;

    private final Path home;
    private final Path directory;
    private final Path log;
    private final int amqp;
    private final int http;
    private final int names;
    private final Map<String, String> environment;
    private final Process nameServer;
    private volatile Process server;

    private TestNode(Path home, Options options) throws IOException {
        this.home = home;
        directory = Files.createTempDirectory("claimant-rabbitmq");
        amqp = FreePorts.next();
        log = Path.of("target", "rabbitmq-" + amqp + ".log").toAbsolutePath();
        http = FreePorts.next();
        names = FreePorts.next();
        environment = environment();
        Files.writeString(
                directory.resolve("enabled_plugins"),
                "[" + String.join(",", with("rabbitmq_management", options.plugins())) + "].");
        Files.writeString(
                directory.resolve("advanced.config"),
                "[{ra,[{wal_max_size_bytes,16777216}]},{rabbit,["
                        + String.join(
                                ",",
                                with("{quorum_tick_interval,1000},{channel_tick_interval,1000}", options.advanced()))
                        + "]}].");
        Files.writeString(
                directory.resolve("rabbitmq.conf"),
                """
                listeners.tcp.1 = 127.0.0.1:%d
                management.tcp.ip = 127.0.0.1
                management.tcp.port = %d
                loopback_users = none
                collect_statistics_interval = 1000
                management.sample_retention_policies.global.minute = 1
                management.sample_retention_policies.basic.minute = 1
                management.sample_retention_policies.detailed.10 = 1
                vm_memory_high_watermark.absolute = 512MB
                disk_free_limit.absolute = 50MB
                """.formatted(amqp, http) + String.join("\n", options.settings()) + "\n");
        // Else the server would start one that outlives it.
        nameServer = tied("epmd", "-port", "" + names, "-address", "127.0.0.1");
        server = launched();
    }

    /**
     * What a node has beyond the plain one.
     *
     * @param plugins besides the management plugin
     * @param settings lines of rabbitmq.conf
     * @param advanced settings of the application rabbit, as Erlang terms
     */
    record Options(List<String> plugins, List<String> settings, List<String> advanced) {
        static final Options NONE = new Options(List.of(), List.of(), List.of());
    }

    static TestNode start(Path home, Options options) {
        try {
            TestNode node = new TestNode(home, options);
            Runtime.getRuntime().addShutdownHook(new Thread(node::end));
            node.awaitReady();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "amqp://guest:guest@127.0.0.1:" + amqp;
    }

    String management() {
        return "http://guest:guest@127.0.0.1:" + http;
    }

    /** Stops the node in order, and starts it again on what it had stored. */
    public void restart() {
        server.destroy();
        startAgain();
    }

    /** The same after a sudden death. */
    public void kill() {
        server.destroyForcibly();
        startAgain();
    }

    private void startAgain() {
        server.onExit().join();
        server = launched();
        awaitReady();
    }

    /** What an operator says to the node, and its answer. */
    String ctl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/rabbitmqctl").toString()));
        command.addAll(List.of("--quiet", "--erlang-cookie", "t" + amqp));
        command.addAll(List.of(arguments));
        try {
            Process ctl = process(command.toArray(new String[0]))
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            String answer = new String(ctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ctl.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", arguments) + ": " + answer);
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> environment() throws IOException {
        String name = "t" + amqp;
        return Map.ofEntries(
                Map.entry("RUNNING_UNDER_SYSTEMD", "1"), // the script becomes the server, and a signal reaches it
                Map.entry("RABBITMQ_NODENAME", name + "@localhost"),
                Map.entry("RABBITMQ_DIST_PORT", "" + FreePorts.next()),
                Map.entry("ERL_EPMD_PORT", "" + names),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
                Map.entry("RABBITMQ_CONFIG_FILE", "" + directory.resolve("rabbitmq.conf")),
                Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", "" + directory.resolve("advanced.config")),
                Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", "" + directory.resolve("enabled_plugins")),
                Map.entry("RABBITMQ_MNESIA_BASE", "" + directory.resolve("mnesia")),
                Map.entry("RABBITMQ_LOG_BASE", "" + directory),
                Map.entry("RABBITMQ_LOGS", "-"),
                Map.entry("RABBITMQ_PID_FILE", "" + directory.resolve("pid")),
                Map.entry("HOME", "" + directory),
                Map.entry("ERL_CRASH_DUMP_SECONDS", "0"),
                Map.entry("LANG", "C.UTF-8"),
                Map.entry(
                        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                        "-setcookie " + name + " -kernel inet_dist_use_interface {127,0,0,1}"));
    }

    private Process launched() {
        return tied(home.resolve("bin/rabbitmq-server").toString());
    }

    /** Ends with this JVM however that ends; what does is the end of the thread that starts it, which therefore stays. */
    private Process tied(String... command) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        Process process = process(command).start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException | InterruptedException e) {
                        started.completeExceptionally(e);
                    }
                },
                command[0]);
        thread.setDaemon(true);
        thread.start();
        return started.join();
    }

    private ProcessBuilder process(String... command) {
        List<String> tied = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
            tied.addAll(List.of("/usr/bin/setpriv", "--pdeathsig=KILL"));
        }
        tied.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(tied)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder;
    }

    private void awaitReady() {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!speaks(amqp, "AMQP\0\0\t\1") || !speaks(http, "GET / HTTP/1.0\r\n\r\n")) {
            if (!server.isAlive() || System.nanoTime() > giveUp) {
                throw new IllegalStateException("rabbitmq-server did not start; see " + log);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static boolean speaks(int port, String greeting) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            OutputStream out = socket.getOutputStream();
            out.write(greeting.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return in.read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void end() {
        server.destroyForcibly();
        nameServer.destroyForcibly();
        server.onExit().join();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("cannot clean up " + directory + ": " + e);
        }
    }

    private static List<String> with(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }
}
