package dev.claimant.servicebus;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection string, taken apart.
 *
 * @param text as it was given; a secret
 * @param host the namespace
 * @param keyName absent with a ready-made signature
 * @param isEmulator whether it asks for plain TCP
 */
record ConnectionText(
        String text,
        String host,
        int port,
        @Nullable String keyName,
        @Nullable String key,
        boolean isEmulator) {

    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Adds to the problems where it cannot be used. */
    static @Nullable ConnectionText parse(
            List<String> problems, @Nullable String text, ServiceBusConfig.Entity entity, boolean emulatorAnywhere) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text == null ? new String[0] : text.split(";", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(field.substring(0, equals).trim().toLowerCase(Locale.ROOT), field.substring(equals + 1));
            }
        }
        URI endpoint = uri(fields.get("endpoint"));
        if (text == null || endpoint == null || endpoint.getHost() == null) {
            problems.add(
                    "connectionString: it has no Endpoint=sb://<namespace>.servicebus.windows.net (its text is not shown, as it may hold a key)");
            return null;
        }
        String keyName = fields.get("sharedaccesskeyname");
        String key = fields.get("sharedaccesskey");
        if (fields.get("sharedaccesssignature") == null && (keyName == null || key == null)) {
            problems.add(
                    "connectionString: it has neither SharedAccessKeyName with SharedAccessKey nor SharedAccessSignature");
            return null;
        }
        String path = fields.get("entitypath");
        if (path != null && !path.equalsIgnoreCase(entity.name())) {
            problems.add("connectionString: it is for '" + path + "' alone (EntityPath), and not for '" + entity.name()
                    + "'");
            return null;
        }
        boolean isEmulator = "true".equalsIgnoreCase(fields.get("usedevelopmentemulator"));
        if (isEmulator && !emulatorAnywhere && !LOCAL.contains(endpoint.getHost())) {
            problems.add("connectionString: UseDevelopmentEmulator=true sends keys and messages without TLS, and '"
                    + endpoint.getHost() + "' is not local; take it away, or set emulatorAnywhere");
        }
        return new ConnectionText(text, endpoint.getHost(), endpoint.getPort(), keyName, key, isEmulator);
    }

    private static @Nullable URI uri(@Nullable String text) {
        try {
            return text == null ? null : URI.create(text.trim());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return host;
    }
}
