package dev.claimant.rabbitmq;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses, without ever showing the password that they may hold. */
final class Uris {

    private Uris() {}

    static @Nullable URI parse(
            List<String> problems, String setting, @Nullable String value, String scheme, String secureScheme) {
        try {
            if (value == null) {
                problems.add(setting + ": null must be " + scheme + "://user:password@host:port or " + secureScheme
                        + "://…");
                return null;
            }
            URI uri = new URI(value);
            if ((scheme.equals(uri.getScheme()) || secureScheme.equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below; the exception's own message shows the password
        }
        problems.add(setting + ": '" + hidden(value) + "' is not " + scheme + "://user:password@host:port or "
                + secureScheme + "://…, with reserved characters percent-encoded");
        return null;
    }

    /** The address with the first of several hosts alone. */
    static @Nullable String ofFirstHost(@Nullable String value) {
        Matcher several = value == null ? null : severalHosts(value);
        return several == null ? value : several.group(1) + several.group(2).replaceFirst(",.*", "") + several.group(3);
    }

    /** All hosts of the address, with their ports where it names them. */
    static List<String> hosts(String value) {
        Matcher several = severalHosts(value);
        if (several != null) {
            return List.of(several.group(2).split(",", -1));
        }
        String authority = URI.create(value).getRawAuthority();
        return List.of(authority.substring(authority.lastIndexOf('@') + 1));
    }

    /** Absent where there is one, for which a start needs no patterns. */
    private static @Nullable Matcher severalHosts(String value) {
        if (value.indexOf(',') < 0) {
            return null;
        }
        Matcher several = Pattern.compile("(amqps?://(?:[^/@]*@)?)([^/?@,]+(?:,[^/?@,]+)+)(.*)")
                .matcher(value);
        return several.matches() ? several : null;
    }

    /** Parameters of RabbitMQ's addresses that the settings stand for, or that nothing here respects, are refused: not passed over. */
    static void parameters(List<String> problems, @Nullable URI uri) {
        String query = uri == null ? null : uri.getQuery();
        for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
            String name = parameter.replaceFirst("=.*", "");
            String instead = switch (name) {
                case "cacertfile" -> "certificateAuthority";
                case "certfile", "keyfile", "auth_mechanism" -> "clientCertificate";
                case "heartbeat", "connection_timeout" -> "requestTimeout";
                default -> "";
            };
            if (!parameter.equals("verify=verify_peer")) {
                problems.add("uri: the parameter " + name + " is not read"
                        + (instead.isEmpty() ? "; leave it out" : "; set " + instead + " instead"));
            }
        }
    }

    static boolean isPlain(@Nullable URI uri) {
        return uri == null || "amqp".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    }

    /** The virtual host that the address names; the broker's default where it names none. */
    static String vhost(URI uri) {
        String path = uri.getPath();
        return path == null || path.length() < 2 ? "/" : path.substring(1);
    }

    static String hidden(URI uri) {
        return hidden(uri.toString());
    }

    private static String hidden(String value) {
        return value.replaceFirst("//.*@", "//***@");
    }

    /** User and password; the broker's own guest where the address names none. */
    static String[] credentials(URI uri) {
        String info = uri.getRawUserInfo();
        if (info == null) {
            return new String[] {"guest", "guest"};
        }
        int colon = info.indexOf(':');
        return colon < 0
                ? new String[] {decoded(info), ""}
                : new String[] {decoded(info.substring(0, colon)), decoded(info.substring(colon + 1))};
    }

    /** Percent-decoding alone: a plus sign is a plus sign. */
    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
