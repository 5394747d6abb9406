package dev.claimant.sqs;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * A connection to a server, for one request after the other. Used by one thread at a time, which blocks; {@link #close} is for every thread and
 * ends a request that is under way.
 */
final class HttpConnection {

    /** Written here, whatever the request says. */
    private static final Set<String> WRITTEN_HERE = Set.of("host", "content-length", "connection", "expect");

    /** After a pause like this the server may have ended the connection. */
    private static final long DOUBTFUL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Most servers end connections that carry nothing for a minute. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(50);

    private final String address;
    private final Socket plain;
    private final Socket socket;
    private final OutputStream out;
    private final HttpReader in;
    private long usedAt;

    private HttpConnection(String address, Socket plain, Socket socket) throws IOException {
        this.address = address;
        this.plain = plain;
        this.socket = socket;
        out = socket.getOutputStream();
        in = new HttpReader(socket.getInputStream());
    }

    /**
     * Connects, through a proxy where the JDK's properties name one.
     *
     * @param tls absent for the JDK's own, which is made when it is needed first: it reads all authorities that the JVM knows
     */
    static HttpConnection open(URI uri, Duration within, @Nullable SSLSocketFactory tls) throws IOException {
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        Proxy proxy = proxy(uri);
        Socket plain = new Socket(proxy);
        try {
            int millis = (int) within.toMillis();
            plain.setTcpNoDelay(true);
            plain.connect(
                    proxy.type() == Proxy.Type.DIRECT
                            ? new InetSocketAddress(uri.getHost(), port)
                            : InetSocketAddress.createUnresolved(uri.getHost(), port),
                    millis);
            plain.setSoTimeout(millis);
            Socket socket = secure ? secured(tls, plain, uri.getHost(), port) : plain;
            socket.setSoTimeout(0); // whoever asks has a bound of his own
            return new HttpConnection(uri.getRawAuthority(), plain, socket);
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw new IOException("no connection to " + uri.getHost() + ":" + port + ": " + e, e);
        }
    }

    private static Proxy proxy(URI uri) {
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> proxies = selector == null ? List.of() : selector.select(uri);
        return proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
    }

    private static Socket secured(@Nullable SSLSocketFactory tls, Socket plain, String host, int port)
            throws IOException {
        SSLSocketFactory factory = tls != null ? tls : (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must name the host
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** Whether a request to there may be sent on it; what it is not good for any more must be closed. */
    boolean isGoodFor(URI uri) {
        long pause = System.nanoTime() - usedAt;
        return address.equals(uri.getRawAuthority())
                && pause < LONGEST_PAUSE_NANOS
                && (pause < DOUBTFUL_NANOS || isAlive());
    }

    boolean isTooOld() {
        return System.nanoTime() - usedAt >= LONGEST_PAUSE_NANOS;
    }

    /** There is nothing to read where nothing was asked: what can be read is the end. */
    private boolean isAlive() {
        try {
            socket.setSoTimeout(1);
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            try {
                socket.setSoTimeout(0);
                return true;
            } catch (IOException closed) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
    }

    HttpReader.Answer send(SdkHttpRequest request, byte[] body) throws IOException {
        byte[] head = head(request, body.length).getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + body.length]; // in one packet where it fits
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
        out.flush();
        HttpReader.Answer answer = in.read();
        usedAt = System.nanoTime();
        return answer;
    }

    private static String head(SdkHttpRequest request, int length) {
        URI uri = request.getUri();
        StringBuilder head = new StringBuilder(1_024)
                .append(request.method().name())
                .append(' ')
                .append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(uri.getRawAuthority());
        head.append("\r\nContent-Length: ").append(length).append("\r\n");
        request.forEachHeader((name, values) -> {
            if (!WRITTEN_HERE.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> head.append(name)
                        .append(": ")
                        .append(oneLine(name, value))
                        .append("\r\n"));
            }
        });
        return head.append("\r\n").toString();
    }

    /** A line break in it would begin another header. */
    private static String oneLine(String name, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("the request's header " + name + " has a line break");
        }
        return value;
    }

    /** Ends it at once, TLS or not: whoever reads from it fails. */
    void close() {
        try {
            plain.close();
        } catch (IOException e) {
            // it is of no use any more, in either case
        }
    }
}
