package dev.claimant;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks a worker's management port, as Kubernetes and Prometheus do. */
final class Probe {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Worker worker;

    Probe(Worker worker) {
        this.worker = worker;
    }

    int status(String path) {
        return get(path).statusCode();
    }

    HttpResponse<String> get(String path) {
        try {
            return client.send(request(path), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path + " was not answered", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<Integer> later(String path) {
        return client.sendAsync(request(path), BodyHandlers.ofString()).thenApply(HttpResponse::statusCode);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + worker.managementPort() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }
}
