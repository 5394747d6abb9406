package dev.claimant.sample.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Checks a patch as the API server does: the path, the media type, the token, the body. Answers 200 to what is right, unless told what to
 * answer next.
 */
final class ApiServer implements AutoCloseable {

    static final String PATH = "/api/v1/namespaces/shop/pods/worker-1";

    /** What it says next. */
    record Answer(int status, Map<String, String> headers) {}

    private static final char[] PASSWORD = "changeit".toCharArray();

    final List<String> costs = new CopyOnWriteArrayList<>();
    final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final Deque<Answer> next = new ArrayDeque<>();
    private final HttpsServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String token;
    private volatile boolean hanging;

    private ApiServer(HttpsServer server, String token) {
        this.server = server;
        this.token = token;
    }

    /** With a certificate of its own, which it writes as {@code ca.crt} into the account's folder, beside the token and the namespace. */
    static ApiServer start(Path account, String token) throws Exception {
        Path store = Files.createTempDirectory("claimant-api-server").resolve("server.p12");
        keytool("-genkeypair", "-keystore", store.toString(), "-dname", "CN=kubernetes", "-ext", "san=ip:127.0.0.1");
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        ApiServer server = new ApiServer(https, token);
        https.createContext("/", server::handle);
        https.start();
        Files.deleteIfExists(account.resolve("ca.crt"));
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                store.toString(),
                "-file",
                account.resolve("ca.crt").toString());
        Files.writeString(account.resolve("token"), token + "\n");
        Files.writeString(account.resolve("namespace"), "shop");
        return server;
    }

    private static void keytool(String... arguments) throws Exception {
        Path program = Path.of(Objects.requireNonNull(System.getProperty("java.home")), "bin", "keytool");
        List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "server", "-storepass", "changeit", "-storetype", "PKCS12"));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private static SSLContext context(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on another token is the right one. */
    void expect(String other) {
        token = other;
    }

    /** From now on it begins to answer and does not go on. */
    void hang() {
        hanging = true;
    }

    void answer(int status, Map<String, String> headers) {
        next.add(new Answer(status, headers));
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (hanging) {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().flush();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer said = next.isEmpty() ? new Answer(judge(exchange, body), Map.of()) : next.remove();
        if (said.status() == 200) {
            costs.add(body.replaceAll("\\D", ""));
        }
        statuses.add(said.status());
        said.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] answer = ("{\"kind\":\"Status\",\"code\":" + said.status() + "}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(said.status(), answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private int judge(HttpExchange exchange, String body) {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return 401;
        }
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            return 404;
        }
        if (!exchange.getRequestMethod().equals("PATCH")) {
            return 405;
        }
        if (!"application/merge-patch+json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            return 415;
        }
        return body.matches(
                        "\\{\"metadata\":\\{\"annotations\":\\{\"controller.kubernetes.io/pod-deletion-cost\":\"-?\\d+\"}}}")
                ? 200
                : 422;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
