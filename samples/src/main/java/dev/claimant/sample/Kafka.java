package dev.claimant.sample;

import static java.util.Map.entry;

import dev.claimant.ConfigurationException;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.sample.hello.HelloRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the brokers are, and which group works on which topic.
 *
 * @param clients what all of Kafka's clients are told, to connect
 * @param retryTopics and how long failed messages wait in each
 */
record Kafka(
        KafkaConfig config,
        Map<String, String> clients,
        String group,
        String topic,
        String deadLetterTopic,
        Map<String, Duration> retryTopics,
        int partitions) {

    private static final String SERVERS = "KAFKA_BOOTSTRAP_SERVERS";
    private static final String GROUP = "KAFKA_GROUP";
    private static final String TOPIC = "KAFKA_TOPIC";
    private static final String DEAD = "KAFKA_DEAD_LETTER_TOPIC";
    private static final String RETRIES = "KAFKA_RETRY_TOPICS";
    private static final Pattern RETRY = Pattern.compile("([1-9][0-9]{0,6}):([a-zA-Z0-9._-]+)");
    private static final String PROTOCOL = "KAFKA_GROUP_PROTOCOL";
    private static final String SESSION = "KAFKA_SESSION_TIMEOUT_SECONDS";
    private static final String MECHANISM = "KAFKA_SASL_MECHANISM";
    private static final String USER = "KAFKA_USERNAME";
    private static final String PASSWORD = "KAFKA_PASSWORD";
    private static final String PASSWORD_FILE = "KAFKA_PASSWORD_FILE";
    private static final String AUTHORITY = "KAFKA_CA_FILE";

    /** Which variable each of the source's own settings comes from. */
    static final VariableNames VARIABLES = new VariableNames(Map.ofEntries(
            entry("bootstrapServers", SERVERS),
            entry("group", GROUP),
            entry("topics", TOPIC),
            entry("deadLetterTopic", DEAD),
            entry("retryTopic", RETRIES),
            entry("lockLength", SESSION)));

    /** Problems go into the environment's list; then there is nothing to use. */
    static @Nullable Kafka read(Environment env) {
        String servers = env.required(SERVERS, "host:port of a broker, or several separated by commas");
        String topic = env.textOr(TOPIC, "hello");
        String group = env.textOr(GROUP, topic);
        String dead = env.textOr(DEAD, topic + ".dead");
        int partitions = env.number("KAFKA_PARTITIONS", 1, 10_000, 6);
        Duration session = env.seconds(SESSION, 1, 3_600, Duration.ofSeconds(45));
        Map<String, String> clients = clients(env);
        KafkaConfig.Builder config =
                KafkaConfig.group(servers, group, topic).deadLetterTopic(dead).lockLength(session);
        Map<String, Duration> retries = retryTopics(env);
        retries.forEach((retry, delay) -> config.retryTopic(delay, retry));
        clients.forEach(config::property);
        if (env.text(PROTOCOL) != null) {
            config.property("group.protocol", env.oneOf(PROTOCOL, List.of("consumer", "classic")));
        }
        clients.put("bootstrap.servers", servers);
        try {
            return new Kafka(config.build(), clients, group, topic, dead, retries, partitions);
        } catch (ConfigurationException e) {
            VARIABLES.tell(env, e);
            return null;
        }
    }

    private static Map<String, Duration> retryTopics(Environment env) {
        Map<String, Duration> topics = new LinkedHashMap<>();
        String text = env.text(RETRIES);
        for (String each : text == null ? new String[0] : text.split(",", -1)) {
            Matcher retry = RETRY.matcher(each.strip());
            if (retry.matches()) {
                topics.put(retry.group(2), Duration.ofSeconds(Long.parseLong(retry.group(1))));
            } else {
                env.problem(RETRIES, "'" + text + "' must be seconds:topic, or several separated by commas");
            }
        }
        return topics;
    }

    private static Map<String, String> clients(Environment env) {
        Map<String, String> clients = new TreeMap<>();
        Path authority = env.fileIfSet(AUTHORITY);
        String mechanism = env.text(MECHANISM) == null
                ? null
                : env.oneOf(MECHANISM, List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"));
        boolean tls = authority != null || "true".equals(env.textOr("KAFKA_TLS", "false"));
        if (mechanism != null) {
            clients.put("sasl.mechanism", mechanism);
            clients.put("sasl.jaas.config", login(mechanism, env));
            if (env.text(PASSWORD_FILE) != null) {
                clients.put("sasl.client.callback.handler.class", PasswordFileLogin.class.getName());
            }
        }
        if (authority != null) {
            clients.put("ssl.truststore.type", "PEM");
            clients.put("ssl.truststore.location", authority.toString());
        }
        clients.put("security.protocol", (mechanism == null ? "" : "SASL_") + (tls ? "SSL" : "PLAINTEXT"));
        return clients;
    }

    private static String login(String mechanism, Environment env) {
        Path file = env.fileInsteadOf(PASSWORD, PASSWORD_FILE);
        String password = file == null
                ? "password=\"" + quoted(env.required(PASSWORD, "the password for " + MECHANISM)) + "\";"
                : PasswordFileLogin.FILE + "=\"" + quoted(file.toString()) + "\";";
        String module = mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return "org.apache.kafka.common.security." + module + " required username=\""
                + quoted(env.required(USER, "the user for " + MECHANISM)) + "\" " + password;
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    void send(int messages, int seconds) throws IOException {
        HelloRecords.send(clients, topic, messages, seconds);
    }

    void createTopics() throws IOException {
        Map<String, Integer> topics = new TreeMap<>(Map.of(topic, partitions, deadLetterTopic, 1));
        retryTopics.keySet().forEach(retry -> topics.put(retry, partitions));
        HelloRecords.createTopics(clients, topics);
    }
}
