package dev.claimant.servicebus;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenRequestContext;
import dev.claimant.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The one request to the administration API that is needed here: an entity's settings and counts, which KEDA's scaler reads by the same request.
 * The SDK's own client would bring an HTTP stack of 29 jars for it (ADR 0048).
 */
final class ManagementClient {

    private static final String SCOPE = "https://servicebus.azure.net/.default";
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(20);

    private final ServiceBusConfig config;

    ManagementClient(ServiceBusConfig config) {
        this.config = config;
    }

    /** Whether the API may not be used with these credentials. */
    static final class DeniedException extends SourceException {
        private static final long serialVersionUID = 1L;

        DeniedException(String message) {
            super(message, null);
        }
    }

    /** The entity's description; absent where there is no such entity. */
    @Nullable EntityFacts read() {
        String host = config.host();
        URI base =
                config.administrationEndpoint == null ? URI.create("https://" + host) : config.administrationEndpoint;
        String path = "/" + config.entity.path();
        try {
            URL url = base.resolve(path + "?enrich=true&api-version=2021-05").toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            int timeout = (int) config.requestTimeout.toMillis();
            connection.setConnectTimeout(timeout);
            connection.setReadTimeout(timeout);
            connection.setRequestProperty("Authorization", authorization(host));
            connection.setRequestProperty("Connection", "close"); // asked for rarely: nothing is kept open in between
            try {
                return answer(connection);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new SourceException(
                    "the administration API at " + base + " did not answer about '" + config.entity
                            + "' (is HTTPS let through, or is administrationEndpoint needed?): " + e,
                    e);
        }
    }

    private @Nullable EntityFacts answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status == 404) {
            return null;
        }
        if (status == 401 || status == 403) {
            throw new DeniedException("the administration API refuses to tell about '" + config.entity + "' (HTTP "
                    + status + "): the key or identity needs the right Manage");
        }
        if (status != 200) {
            throw new SourceException(
                    "the administration API answered about '" + config.entity + "' with HTTP " + status, null);
        }
        try (InputStream body = connection.getInputStream()) {
            return facts(parse(body));
        }
    }

    private static Document parse(InputStream body) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(body);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("its answer is not XML: " + e.getMessage(), e);
        }
    }

    /** A missing entity is an empty feed. */
    private static @Nullable EntityFacts facts(Document document) {
        String lock = text(document, "LockDuration");
        if (lock == null) {
            return null;
        }
        return new EntityFacts(
                Duration.parse(lock),
                (int) number(document, "MaxDeliveryCount"),
                Boolean.parseBoolean(text(document, "RequiresSession")),
                text(document, "ForwardTo"),
                Boolean.parseBoolean(text(document, "EnablePartitioning")),
                number(document, "ActiveMessageCount"),
                number(document, "ScheduledMessageCount"),
                number(document, "DeadLetterMessageCount"));
    }

    private static @Nullable String text(Document document, String element) {
        NodeList found = document.getElementsByTagNameNS("*", element);
        return found.getLength() == 0 ? null : found.item(0).getTextContent().trim();
    }

    private static long number(Document document, String element) {
        String text = text(document, element);
        return text == null || text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private String authorization(String host) {
        if (config.credential != null) {
            AccessToken token = config.credential
                    .getToken(new TokenRequestContext().addScopes(SCOPE))
                    .block(config.requestTimeout);
            return "Bearer " + Objects.requireNonNull(token, "no token").getToken();
        }
        ConnectionText connection = Objects.requireNonNull(config.connection);
        if (connection.keyName() == null || connection.key() == null) {
            throw new DeniedException(
                    "the connection string has a signature and no key, with which the administration API cannot be asked: it needs"
                            + " SharedAccessKeyName and SharedAccessKey, with the right Manage");
        }
        String resource = encoded("https://" + host + "/" + config.entity.path());
        long expiry = System.currentTimeMillis() / 1000 + TOKEN_LIFE.toSeconds();
        return "SharedAccessSignature sr=" + resource + "&sig="
                + encoded(signature(connection.key(), resource + "\n" + expiry)) + "&se=" + expiry + "&skn="
                + encoded(connection.keyName());
    }

    private static String signature(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
