package dev.claimant.sqs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The AWS SDK's requests on sockets of our own, HTTP/1.1: nothing more to load, a request can be given up, and none is repeated. Each request
 * that is under way has a connection and a thread, which are kept for the next. Thread-safe.
 */
final class HttpTransport implements SdkAsyncHttpClient {

    private final Duration connectTimeout;
    private final @Nullable SSLSocketFactory tls;

    /** The one that was used last first; the others become old. */
    private final Deque<HttpConnection> idle = new ConcurrentLinkedDeque<>();

    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "claimant-sqs-http");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    private HttpTransport(Duration connectTimeout, @Nullable SSLSocketFactory tls) {
        this.connectTimeout = connectTimeout;
        this.tls = tls;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
        Exchange exchange = new Exchange(call);
        threads.execute(exchange);
        return exchange.done;
    }

    private HttpConnection connection(URI uri) throws IOException {
        for (HttpConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            if (next.isGoodFor(uri)) {
                return next;
            }
            next.close();
        }
        return HttpConnection.open(uri, connectTimeout, tls);
    }

    private void keep(HttpConnection connection) {
        idle.addFirst(connection);
        HttpConnection last = idle.peekLast();
        if (last != null && last.isTooOld() && idle.remove(last)) {
            last.close();
        }
        if (closed) {
            closeIdle();
        }
    }

    private void closeIdle() {
        for (HttpConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            next.close();
        }
    }

    private final class Exchange implements Runnable {

        final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AsyncExecuteRequest call;
        private volatile @Nullable HttpConnection connection;

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
            HttpConnection used = connection;
            if (used != null) {
                used.close();
            }
        }

        @Override
        public void run() {
            try {
                hand(send(), call.responseHandler(), done);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
                call.responseHandler().onError(e);
            }
        }

        private HttpReader.Answer send() throws IOException {
            SdkHttpRequest request = call.request();
            byte[] body = Body.of(call.requestContentPublisher());
            HttpConnection used = connection(request.getUri());
            connection = used;
            if (done.isDone() || closed) { // given up before anybody could see the connection
                used.close();
            }
            HttpReader.Answer answer = used.send(request, body);
            connection = null;
            if (answer.reusable() && !done.isDone()) {
                keep(used);
            } else {
                used.close();
            }
            return answer;
        }
    }

    private static void hand(
            HttpReader.Answer answer, SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done) {
        handler.onHeaders(SdkHttpResponse.builder()
                .statusCode(answer.status())
                .headers(answer.headers())
                .build());
        handler.onStream(subscriber -> subscriber.onSubscribe(new Whole(answer.body(), subscriber, done)));
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
    record Builder(Duration connectTimeout, @Nullable SSLSocketFactory tls)
            implements SdkAsyncHttpClient.Builder<Builder> {

        /** With the JDK's own TLS. */
        Builder(Duration connectTimeout) {
            this(connectTimeout, null);
        }

        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap ignored) {
            return new HttpTransport(connectTimeout, tls);
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
        closeIdle();
        underWay.forEach(Exchange::giveUp);
        threads.shutdown();
    }
}
