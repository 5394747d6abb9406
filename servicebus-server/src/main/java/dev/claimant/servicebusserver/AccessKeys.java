package dev.claimant.servicebusserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The shared access keys of the namespace, the check of tokens that were signed with them, and the tokens of identities. Thread-safe. */
final class AccessKeys {

    /** What a token allows, and where. */
    record Grant(String path, Set<Right> rights, long expiresAtSeconds) {

        boolean covers(String entity, Right right) {
            return (rights.contains(right) || rights.contains(Right.MANAGE))
                    && Entities.key(entity).startsWith(path)
                    && expiresAtSeconds > System.currentTimeMillis() / 1000;
        }
    }

    private static final String MANAGEMENT = "/$management";

    private record Key(String secret, Set<Right> rights) {}

    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final Map<String, Grant> issued = new ConcurrentHashMap<>();

    void add(String name, String secret, Set<Right> rights) {
        keys.put(name, new Key(secret, Set.copyOf(rights)));
    }

    /** Issues a token for an identity that has these rights on the whole namespace, shaped like one of Entra ID. */
    String issue(Set<Right> rights, Duration life) {
        long expiry = System.currentTimeMillis() / 1000 + life.toSeconds();
        String token = encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "."
                + encoded("{\"aud\":\"https://servicebus.azure.net\",\"exp\":" + expiry + ",\"jti\":\""
                        + UUID.randomUUID() + "\"}")
                + ".";
        issued.put(token, new Grant("", Set.copyOf(rights), expiry));
        return token;
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** @param token one of {@link #issue} */
    Grant checkIdentity(String token) throws AmqpError {
        Grant grant = issued.get(token);
        if (grant == null) {
            throw new AmqpError(AmqpError.UNAUTHORIZED, "InvalidIssuer: Token issuer is invalid.");
        }
        return unexpired(grant);
    }

    /** @param token {@code SharedAccessSignature sr=…&sig=…&se=…&skn=…} */
    Grant check(String token) throws AmqpError {
        String prefix = "SharedAccessSignature ";
        if (!token.startsWith(prefix)) {
            throw new AmqpError(AmqpError.UNAUTHORIZED, "MalformedToken: not a shared access signature");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : token.substring(prefix.length()).split("&", -1)) {
            int equals = field.indexOf('=');
            fields.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
        }
        String resource = fields.getOrDefault("sr", "");
        String expiry = fields.getOrDefault("se", "");
        Key key = keys.get(decoded(fields.getOrDefault("skn", "")));
        if (key == null) {
            throw new AmqpError(AmqpError.UNAUTHORIZED, "InvalidSignature: there is no such key");
        }
        byte[] expected = signature(key.secret(), resource + "\n" + expiry);
        if (!MessageDigest.isEqual(
                expected, decoded(fields.getOrDefault("sig", "")).getBytes(StandardCharsets.UTF_8))) {
            throw new AmqpError(AmqpError.UNAUTHORIZED, "InvalidSignature: The token has an invalid signature.");
        }
        return unexpired(new Grant(path(decoded(resource)), key.rights(), Long.parseLong(expiry)));
    }

    private static Grant unexpired(Grant grant) throws AmqpError {
        if (grant.expiresAtSeconds() < System.currentTimeMillis() / 1000) {
            throw new AmqpError(AmqpError.UNAUTHORIZED, "ExpiredToken: The token is expired.");
        }
        return grant;
    }

    /** {@code amqp://host:port/entity} names the entity, also by its management node; without one all entities are meant. */
    private static String path(String resource) {
        int scheme = resource.indexOf("://");
        String rest = scheme < 0 ? resource : resource.substring(scheme + 3);
        int slash = rest.indexOf('/');
        String path = slash < 0 ? "" : rest.substring(slash + 1).toLowerCase(Locale.ROOT);
        return path.endsWith(MANAGEMENT) ? path.substring(0, path.length() - MANAGEMENT.length()) : path;
    }

    private static byte[] signature(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encode(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
