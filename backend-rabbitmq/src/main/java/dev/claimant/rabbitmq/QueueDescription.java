package dev.claimant.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A queue as the management API describes it: its kind, its arguments and its effective policy. An argument {@code x-name} and a policy's
 * {@code name} say the same; of two texts the argument counts, of two numbers the smaller.
 *
 * @param json the API's answer
 */
record QueueDescription(String json) {

    /** What is asked of the API; the rest changes all the time. */
    static final String COLUMNS = "?columns=type,durable,auto_delete,exclusive,arguments,effective_policy_definition";

    String type() {
        Matcher type = matcher("\"type\":\"(\\w+)\"");
        return type.find() ? type.group(1) : "classic";
    }

    boolean isQuorum() {
        return type().equals("quorum");
    }

    @Nullable String text(String name) {
        String argument = first("\"x-" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"");
        return argument != null ? argument : first("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    }

    @Nullable Long number(String name) {
        Long smallest = null;
        Matcher found = matcher("\"(?:x-)?" + name + "\":(-?\\d+)");
        while (found.find()) {
            long one = Long.parseLong(found.group(1));
            smallest = smallest == null || one < smallest ? Long.valueOf(one) : smallest;
        }
        return smallest;
    }

    boolean isSet(String name) {
        return json.contains("\"" + name + "\":true");
    }

    /** How the queue may vanish with all that it holds, a phrase for each. */
    List<String> dangers() {
        List<String> dangers = new ArrayList<>();
        if (isSet("auto_delete")) {
            dangers.add("is deleted with its last consumer (auto-delete)");
        }
        if (isSet("exclusive")) {
            dangers.add("is deleted with the connection that declared it (exclusive)");
        }
        if (json.contains("\"durable\":false")) {
            dangers.add("does not survive a restart of the broker (not durable)");
        }
        if (number("expires") != null) {
            dangers.add("is deleted when it had no consumer for " + number("expires") + " ms (expires)");
        }
        return dangers;
    }

    /** Whether messages are dropped when there are too many. */
    boolean dropsWhatOverflows() {
        String overflow = text("overflow");
        return (number("max-length") != null || number("max-length-bytes") != null)
                && (overflow == null || overflow.equals("drop-head"));
    }

    private @Nullable String first(String pattern) {
        Matcher found = matcher(pattern);
        return found.find() ? unescaped(found.group(1)) : null;
    }

    private Matcher matcher(String pattern) {
        return Pattern.compile(pattern).matcher(json);
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next != '\\') {
                plain.append(next);
            } else if (text.charAt(i + 1) == 'u') {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                plain.append(text.charAt(++i)); // quotes and slashes; a queue's name has no other
            }
        }
        return plain.toString();
    }
}
