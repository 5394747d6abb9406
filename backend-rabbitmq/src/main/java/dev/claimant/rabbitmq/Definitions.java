package dev.claimant.rabbitmq;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The queues of a source in the forms that RabbitMQ's own tools read.
 *
 * @see <a href="https://www.rabbitmq.com/docs/definitions">Definitions</a>
 */
final class Definitions {

    private Definitions() {}

    static String json(RabbitMqConfig config) {
        return Topology.queues(config).entrySet().stream()
                .map(queue -> "    {\"name\": " + quoted(queue.getKey()) + ", \"vhost\": " + quoted(config.access.vhost)
                        + ", \"durable\": true, \"auto_delete\": false,\n     \"arguments\": "
                        + arguments(queue.getValue()) + "}")
                .collect(Collectors.joining(",\n", "{\n  \"queues\": [\n", "\n  ]\n}\n"));
    }

    static String commands(RabbitMqConfig config) {
        return Topology.queues(config).entrySet().stream()
                .map(queue -> "rabbitmqadmin --vhost=" + forShell(config.access.vhost) + " declare queue "
                        + forShell("name=" + queue.getKey()) + " durable=true auto_delete=false "
                        + forShell("arguments=" + arguments(queue.getValue())) + "\n")
                .collect(Collectors.joining());
    }

    private static String arguments(Map<String, Object> arguments) {
        return new TreeMap<>(arguments)
                .entrySet().stream()
                        .map(argument -> quoted(argument.getKey()) + ": "
                                + (argument.getValue() instanceof String text ? quoted(text) : argument.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next < ' ') {
                json.append(String.format("\\u%04x", (int) next));
            } else {
                json.append(next == '"' || next == '\\' ? "\\" : "").append(next);
            }
        }
        return json.append('"').toString();
    }

    private static String forShell(String text) {
        return text.matches("[A-Za-z0-9_./=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
