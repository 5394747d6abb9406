package dev.claimant.servicebus;

import dev.claimant.Keytool;
import dev.claimant.servicebusserver.Right;
import dev.claimant.servicebusserver.ServiceBusServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * The server for tests as Azure shows it to a client behind an HTTP proxy: TLS on port 443 with AMQP over WebSockets and the administration API,
 * and Entra ID, which gives tokens to a workload that has the token of its cluster.
 */
public final class AzureFront implements AutoCloseable {

    public static final String NAMESPACE = "orders.example";
    public static final String WORKLOAD = "the-token-of-the-cluster";

    /** The name by which clients know Entra ID; they reach it by the proxy. */
    private static final String LOGIN = "login.microsoftonline.com";

    /** What Entra ID says of itself, which its clients ask first. */
    private static final String DISCOVERY = "{\"tenant_discovery_endpoint\":\"https://" + LOGIN
            + "/common/.well-known/openid-configuration\",\"metadata\":[{\"preferred_network\":\"" + LOGIN
            + "\",\"preferred_cache\":\"" + LOGIN + "\",\"aliases\":[\"" + LOGIN + "\"]}]}";

    private static final String PASSWORD = "changeit";
    private static final String LOOPBACK = "127.0.0.1";

    /** The JDK asks a proxy for {@code host:443} with the header {@code Host: host}. */
    private static final HttpCompliance LENIENT =
            HttpCompliance.RFC9110.with("lenient", HttpCompliance.Violation.MISMATCHED_AUTHORITY);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Server jetty = new Server();
    private final ServerConnector proxy = new ServerConnector(jetty);
    private final ServerConnector secure;
    private final ServiceBusServer server;
    private final Right[] rights;
    private final Path store;
    private volatile String issued = "none";

    /** @param rights of the workload's identity */
    public AzureFront(ServiceBusServer server, Path directory, Right... rights) throws Exception {
        this.server = server;
        this.rights = rights;
        store = directory.resolve("azure.p12"); // what a client trusts, too
        Keytool.makeKey(store, PASSWORD, "azure", "-ext", "san=dns:" + NAMESPACE + ",dns:" + LOGIN);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword(PASSWORD);
        secure = new ServerConnector(jetty, tls);
        proxy.setHost(LOOPBACK);
        secure.setHost(LOOPBACK);
        for (ServerConnector connector : List.of(proxy, secure)) {
            jetty.addConnector(connector);
            connector
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .setHttpCompliance(LENIENT);
        }
        Handler requests = new Requests();
        WebSocketUpgradeHandler webSockets = WebSocketUpgradeHandler.from(
                jetty,
                container -> container.addMapping("/$servicebus/websocket", (request, response, callback) -> {
                    response.setAcceptedSubProtocol("AMQPWSB10");
                    return new WebSocketTunnel(server.port());
                }));
        webSockets.setHandler(requests);
        jetty.setHandler(new ConnectHandler(webSockets) {
            @Override
            protected InetSocketAddress newConnectAddress(String host, int port) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), secure.getLocalPort());
            }
        });
        jetty.start();
    }

    /** What a client's JVM needs: the proxy and the certificate. */
    public List<String> options() {
        return List.of(
                "-Dhttps.proxyHost=" + LOOPBACK,
                "-Dhttps.proxyPort=" + proxy.getLocalPort(),
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    }

    /** The last token that the workload was given. */
    public String issued() {
        return issued;
    }

    /** What is no upgrade to WebSockets. */
    private final class Requests extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            boolean isLogin = LOGIN.equals(Request.getServerName(request));
            HttpResponse<String> answer = isLogin ? null : administration(request);
            response.setStatus(answer == null ? 200 : answer.statusCode());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, isLogin ? "application/json" : "application/atom+xml");
            Content.Sink.write(response, true, answer == null ? token(request) : answer.body(), callback);
            return true;
        }

        private String token(Request request) throws IOException {
            if (request.getMethod().equals("GET")) {
                return DISCOVERY;
            }
            if (!Content.Source.asString(request).contains("client_assertion=" + WORKLOAD)) {
                throw new IOException("not the workload's token");
            }
            issued = server.issueToken(Duration.ofHours(1), rights);
            return "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"ext_expires_in\":3600,\"access_token\":\"" + issued
                    + "\"}";
        }

        private HttpResponse<String> administration(Request request) throws IOException, InterruptedException {
            URI uri = URI.create("http://" + LOOPBACK + ":" + server.adminPort()
                    + request.getHttpURI().getPathQuery());
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", request.getHeaders().get(HttpHeader.AUTHORIZATION))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Writes the token of the cluster where a pod has it. */
    public static Path workloadToken(Path directory) throws IOException {
        return Files.writeString(directory.resolve("token"), WORKLOAD);
    }

    @Override
    public void close() throws Exception {
        jetty.stop();
    }
}
