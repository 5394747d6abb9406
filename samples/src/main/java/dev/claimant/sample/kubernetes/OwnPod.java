package dev.claimant.sample.kubernetes;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The pod that this process runs in, at the cluster's API server. The service account's token and the server's authority are read for each
 * request, since the kubelet renews the one every hour and a cluster may change the other.
 */
final class OwnPod {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

    private final URI server;
    private final Path account;
    private final String name;
    private final Duration patience;

    private byte[] authority = {};
    private @Nullable HttpClient client;

    /**
     * Of this name.
     *
     * @param account the folder with {@code token}, {@code ca.crt} and {@code namespace}
     */
    OwnPod(URI server, Path account, String name) {
        this(server, account, name, PATIENCE);
    }

    OwnPod(URI server, Path account, String name, Duration patience) {
        this.server = server;
        this.account = account;
        this.name = name;
        this.patience = patience;
    }

    /** Where every pod finds the API server. */
    static URI server(Map<String, String> environment) throws IOException {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String port = environment.get("KUBERNETES_SERVICE_PORT");
        if (host == null || port == null) {
            throw new IOException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this is no pod");
        }
        return URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /** A pod's host is called as the pod, unless it has the node's network. */
    static String name(Map<String, String> environment) throws IOException {
        String name = environment.get("HOSTNAME");
        if (name == null || name.isBlank()) {
            throw new IOException("HOSTNAME is not set: this is no pod");
        }
        return name;
    }

    /** Has the server note the cost, by a merge patch that touches nothing else. */
    HttpResponse<String> sayDeletionCost(int cost) throws IOException, InterruptedException {
        String namespace = Files.readString(account.resolve("namespace")).strip();
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/v1/namespaces/" + encoded(namespace)
                        + "/pods/" + encoded(name) + "?fieldManager=claimant"))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/merge-patch+json")
                .header("Accept", "application/json")
                .method(
                        "PATCH",
                        BodyPublishers.ofString(
                                "{\"metadata\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + cost + "\"}}}"))
                .build();
        return answer(client().sendAsync(request, BodyHandlers.ofString()));
    }

    /** The request's own time-out would end with the head of the answer. */
    private HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> coming)
            throws IOException, InterruptedException {
        try {
            return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        } finally {
            coming.cancel(true);
        }
    }

    /** A header that cannot be sent would be named with all that is in it. */
    private String token() throws IOException {
        String token = Files.readString(account.resolve("token")).strip();
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new IOException(account.resolve("token") + " holds no token");
        }
        return token;
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }

    private HttpClient client() throws IOException {
        byte[] now = Files.readAllBytes(account.resolve("ca.crt"));
        HttpClient known = client;
        if (known != null && Arrays.equals(now, authority)) {
            return known;
        }
        try {
            HttpClient made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .sslContext(trusting(now))
                    .build();
            authority = now;
            client = made;
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException(account.resolve("ca.crt") + " holds no certificates: " + e.getMessage(), e);
        }
    }

    private static SSLContext trusting(byte[] pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        try (InputStream in = new ByteArrayInputStream(pem)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
