package dev.claimant.sqs;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * The one attribute that carries what SQS has no place for, as {@code name=value&name=value}, percent-encoded like a form: any language can
 * write it. A message without it is read as it is.
 */
final class Envelope {

    /** The attribute's name. */
    static final String NAME = "claimant";

    /** How the body is to be read: {@code base64}, or {@code empty}. */
    static final String BODY = "body";

    static final String KEY = "key";

    /** The ordering key, where SQS does not take it as the name of a group. */
    static final String GROUP = "group";

    static final String REASON = "reason";
    static final String ERROR = "error";
    static final String ATTEMPTS = "attempts";
    static final String ORIGIN = "origin";
    static final String ID = "id";

    private static final String HEADER = "h.";

    private final Map<String, String> fields;

    private Envelope(Map<String, String> fields) {
        this.fields = fields;
    }

    static Envelope empty() {
        return new Envelope(new LinkedHashMap<>());
    }

    /** Empty where there is none, or one that somebody else has written for another purpose. */
    static Envelope of(Map<String, MessageAttributeValue> attributes) {
        MessageAttributeValue value = attributes.get(NAME);
        Envelope envelope = empty();
        if (value == null || value.stringValue() == null) {
            return envelope;
        }
        for (String field : value.stringValue().split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                envelope.put(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
        }
        return envelope;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    @Nullable String get(String field) {
        return fields.get(field);
    }

    Envelope put(String field, String value) {
        fields.put(field, value);
        return this;
    }

    Envelope putHeader(String name, String value) {
        return put(HEADER + name, value);
    }

    void remove(String field) {
        fields.remove(field);
    }

    Map<String, String> headers() {
        Map<String, String> headers = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(HEADER)) {
                headers.put(name.substring(HEADER.length()), value);
            }
        });
        return headers;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    String encoded() {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return text.toString();
    }

    /** Puts it among the attributes where there is something in it. */
    void writeTo(Map<String, MessageAttributeValue> attributes) {
        if (isEmpty()) {
            attributes.remove(NAME);
        } else {
            attributes.put(NAME, text(encoded()));
        }
    }

    static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }
}
