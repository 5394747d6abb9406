package dev.claimant.postgres;

import dev.claimant.contract.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PgBouncer on the loopback address, before the test server, in transaction mode: sessions are lent for one transaction, from so
 * few that clients must share them. It ends with {@link #close}.
 */
final class PgBouncer implements AutoCloseable {

    private static final int SESSIONS = 4;
    private static final Pattern CLIENT = Pattern.compile("LOG (C-0x\\w+): .*(login attempt|closing because)");

    private final Path folder;
    private final int port;
    private final Process process;

    private PgBouncer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    static PgBouncer start() {
        Roles.worker(); // whose login it is told
        try {
            Path folder = Files.createTempDirectory("pgbouncer");
            // Run by root, it becomes another user, who must be able to read this.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            int port = FreePorts.next();
            Files.writeString(folder.resolve("users.txt"), users());
            Files.writeString(folder.resolve("pgbouncer.ini"), settings(folder, port));
            PgBouncer bouncer = new PgBouncer(folder, port, run(folder));
            bouncer.awaitPort();
            return bouncer;
        } catch (IOException e) {
            throw new AssertionError("no PgBouncer: install the package pgbouncer (bin/test does)", e);
        }
    }

    private static String settings(Path folder, int port) {
        PGSimpleDataSource server = server();
        return """
                [databases]
                * = host=%s port=%d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                pidfile = %s/pid
                logfile = %s/log
                auth_type = trust
                auth_file = %s/users.txt
                ignore_startup_parameters = extra_float_digits
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 500
                """.formatted(
                        server.getServerNames()[0], server.getPortNumbers()[0], port, folder, folder, folder, SESSIONS);
    }

    private static String users() {
        PGSimpleDataSource server = server();
        return "\"%s\" \"%s\"%n\"claimant_worker\" \"worker\"%n\"claimant_scaler\" \"scaler\"%n"
                .formatted(server.getUser(), server.getPassword() == null ? "" : server.getPassword());
    }

    private static PGSimpleDataSource server() {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(TestServer.url());
        return server;
    }

    private static Process run(Path folder) throws IOException {
        List<String> command = new ArrayList<>(List.of(binary(), "-q"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(folder.resolve("pgbouncer.ini").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    /** Where Debian puts it is on root's path only. */
    private static String binary() {
        return new File("/usr/sbin/pgbouncer").canExecute() ? "/usr/sbin/pgbouncer" : "pgbouncer";
    }

    private void awaitPort() {
        Awaitility.await("PgBouncer, whose log is in " + folder)
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError(Files.readString(folder.resolve("out")));
                    }
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    int port() {
        return port;
    }

    /** How many clients it has, by its log. */
    int clients() {
        Set<String> clients = new HashSet<>();
        try (Stream<String> lines = Files.lines(folder.resolve("log"))) {
            lines.map(CLIENT::matcher).filter(Matcher::find).forEach(line -> {
                if (line.group(2).equals("login attempt")) {
                    clients.add(line.group(1));
                } else {
                    clients.remove(line.group(1));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return clients.size();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
