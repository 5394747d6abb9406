package dev.claimant.sqs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The AWS SDK's asynchronous requests over its own blocking client: a request can be given up, none is repeated, and neither Netty nor an event
 * loop is loaded. Each request that is under way has a connection and a thread, which are kept for the next. Thread-safe.
 */
final class HttpTransport implements SdkAsyncHttpClient {

    private final SdkHttpClient client;
    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "claimant-sqs-http");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    private HttpTransport(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
        Exchange exchange = new Exchange(call);
        threads.execute(exchange);
        return exchange.done;
    }

    private final class Exchange implements Runnable {

        final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AsyncExecuteRequest call;
        private volatile @Nullable ExecutableHttpRequest sent;

        Exchange(AsyncExecuteRequest call) {
            this.call = call;
            underWay.add(this);
            var unused = done.whenComplete((nothing, failure) -> {
                underWay.remove(this);
                if (failure != null) {
                    giveUp();
                }
            });
        }

        /** The SDK ends with an exception of its own what takes too long or is cancelled. */
        void giveUp() {
            ExecutableHttpRequest request = sent;
            if (request != null) {
                request.abort();
            }
        }

        @Override
        public void run() {
            try {
                send();
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
                call.responseHandler().onError(e);
            }
        }

        private void send() throws IOException {
            byte[] body = Body.of(call.requestContentPublisher());
            ExecutableHttpRequest request = client.prepareRequest(HttpExecuteRequest.builder()
                    .request(call.request())
                    .contentStreamProvider(() -> new ByteArrayInputStream(body))
                    .build());
            sent = request;
            if (done.isDone() || closed) { // given up before anybody could see the request
                request.abort();
            }
            HttpExecuteResponse answer = request.call();
            AbortableInputStream content = answer.responseBody().orElse(null);
            byte[] whole = content == null ? new byte[0] : content.readAllBytes();
            if (content != null) {
                content.close();
            }
            hand(answer.httpResponse(), ByteBuffer.wrap(whole), call.responseHandler(), done);
        }
    }

    private static void hand(
            SdkHttpResponse answer,
            ByteBuffer body,
            SdkAsyncHttpResponseHandler handler,
            CompletableFuture<Void> done) {
        handler.onHeaders(answer);
        handler.onStream(subscriber -> subscriber.onSubscribe(new Whole(body, subscriber, done)));
    }

    /** A body that is there already, in one piece. */
    private record Whole(
            ByteBuffer body,
            Subscriber<? super ByteBuffer> subscriber,
            CompletableFuture<Void> done,
            AtomicBoolean sent)
            implements Subscription {

        Whole(ByteBuffer body, Subscriber<? super ByteBuffer> subscriber, CompletableFuture<Void> done) {
            this(body, subscriber, done, new AtomicBoolean());
        }

        @Override
        public void request(long count) {
            if (sent.compareAndSet(false, true)) {
                subscriber.onNext(body);
                subscriber.onComplete();
                done.complete(null);
            }
        }

        @Override
        public void cancel() {
            sent.set(true);
            done.complete(null);
        }
    }

    /** Collects what the SDK wants to send: kilobytes. */
    private static final class Body implements Subscriber<ByteBuffer> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

        static byte[] of(Publisher<ByteBuffer> content) throws IOException {
            Body body = new Body();
            content.subscribe(body);
            try {
                return body.whole.join();
            } catch (CompletionException e) {
                throw new IOException("there is no request to send", e.getCause());
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            byte[] some = new byte[part.remaining()];
            part.get(some);
            bytes.writeBytes(some);
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(bytes.toByteArray());
        }
    }

    /** For the SDK, which then closes it with the client that it is for. */
    record Builder(Duration connectTimeout, @Nullable TlsTrustManagersProvider authorities)
            implements SdkAsyncHttpClient.Builder<Builder> {

        /** Of the claimers and settlements of one source far fewer are under way. */
        private static final int CONNECTIONS = 1_000;

        /** Trusts whom the JVM trusts. */
        Builder(Duration connectTimeout) {
            this(connectTimeout, null);
        }

        /** The SDK bounds each request as a whole and then gives it up; no shorter bound must end a long poll. */
        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap ignored) {
            return new HttpTransport(Apache5HttpClient.builder()
                    .connectionTimeout(connectTimeout)
                    .socketTimeout(Duration.ofMinutes(10))
                    .maxConnections(CONNECTIONS)
                    .expectContinueEnabled(false)
                    .tlsTrustManagersProvider(authorities)
                    .build());
        }
    }

    @Override
    public String clientName() {
        return "ClaimantHttp";
    }

    /** Ends all connections; requests that are under way fail. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(Exchange::giveUp);
        client.close();
        threads.shutdown();
    }
}
