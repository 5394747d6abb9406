package dev.claimant.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.claimant.Keytool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * SASL over TLS for a broker of the tests: its certificate, its users, and the rights that deploy/kafka/acls.sh gives them. Who comes
 * by the plain listener may do all.
 */
final class Security {

    private static final String STORE_PASSWORD = "changeit";
    private static final String PASSWORD = "secret \"quoted\"";
    private static final String WORKER = "hello_worker";

    private final Path store;
    private final List<String> script;

    Security(Path directory) throws IOException {
        script = runScript(directory);
        store = directory.resolve("broker.p12");
        Keytool.makeKey(store, STORE_PASSWORD, "broker", "-ext", "san=ip:127.0.0.1");
    }

    /** What the broker is told, besides a listener with the protocol SASL_SSL. */
    Map<String, String> broker() {
        return Map.of(
                "ssl.keystore.type", "PKCS12",
                "ssl.keystore.location", store.toString(),
                "ssl.keystore.password", STORE_PASSWORD,
                "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,OAUTHBEARER",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users", "User:ANONYMOUS");
    }

    /** Who may come by one listener: SCRAM's users the broker keeps itself, and a token without a signature names its user. */
    static Map<String, String> users(String listener) {
        String prefix = "listener.name." + listener.toLowerCase(java.util.Locale.ROOT);
        return Map.of(
                prefix + ".plain.sasl.jaas.config",
                module("plain.Plain", "user_" + WORKER + "=\"" + quoted(PASSWORD) + "\""),
                prefix + ".scram-sha-256.sasl.jaas.config",
                module("scram.Scram", ""),
                prefix + ".oauthbearer.sasl.jaas.config",
                module("oauthbearer.OAuthBearer", "unsecuredLoginStringClaim_sub=\"broker\""));
    }

    private static String module(String name, String options) {
        return "org.apache.kafka.common.security." + name + "LoginModule required " + options + ";";
    }

    /** The worker as a user of SCRAM-SHA-256. */
    static UserScramCredentialUpsertion scramUser() {
        return new UserScramCredentialUpsertion(
                WORKER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4_096), PASSWORD);
    }

    /** As the worker logs in. */
    KafkaConfig.Builder logIn(KafkaConfig.Builder config) {
        return logIn(config, PASSWORD);
    }

    KafkaConfig.Builder logIn(KafkaConfig.Builder config, String password) {
        return logIn(config, "PLAIN", module("plain.Plain", credentials(password)));
    }

    KafkaConfig.Builder logInByScram(KafkaConfig.Builder config, String password) {
        return logIn(config, "SCRAM-SHA-256", module("scram.Scram", credentials(password)));
    }

    KafkaConfig.Builder logInByScram(KafkaConfig.Builder config) {
        return logInByScram(config, PASSWORD);
    }

    KafkaConfig.Builder logInByToken(KafkaConfig.Builder config) {
        String options = "unsecuredLoginStringClaim_sub=\"" + WORKER + "\"";
        return logIn(config, "OAUTHBEARER", module("oauthbearer.OAuthBearer", options));
    }

    private static String credentials(String password) {
        return "username=\"" + WORKER + "\" password=\"" + quoted(password) + "\"";
    }

    private KafkaConfig.Builder logIn(KafkaConfig.Builder config, String mechanism, String module) {
        return config.property("security.protocol", "SASL_SSL")
                .property("ssl.truststore.type", "PEM")
                .property("ssl.truststore.certificates", certificate())
                .property("sasl.mechanism", mechanism)
                .property("sasl.jaas.config", module);
    }

    private static String quoted(String text) {
        return text.replace("\"", "\\\"");
    }

    private String certificate() {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(keys.getCertificate("broker").getEncoded())
                    + "\n-----END CERTIFICATE-----";
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Exactly what the script that we ship gives the worker. */
    List<AclBinding> rights(String topic, String group, String deadTopic) {
        return script.stream()
                .filter(line -> !line.contains("retry"))
                .map(line ->
                        line.replace("@topic", topic).replace("@group", group).replace("@dead", deadTopic))
                .flatMap(line -> rights(List.of(line.split(" ", -1))).stream())
                .toList();
    }

    /** The same for one of the retry topics, which the script takes as RETRIES. */
    List<AclBinding> retryRights(String retryTopic, String group) {
        return script.stream()
                .filter(line -> line.contains("retry"))
                .map(line -> line.replace("@retry", retryTopic).replace("@group", group))
                .flatMap(line -> rights(List.of(line.split(" ", -1))).stream())
                .toList();
    }

    /** Run with a kafka-acls.sh that writes down its arguments. */
    private static List<String> runScript(Path directory) throws IOException {
        Path told = Files.createTempFile(directory, "acls", ".txt");
        Path command = directory.resolve("kafka-acls.sh");
        Files.writeString(command, "#!/bin/sh\necho \"$@\" >> \"$TOLD\"\n");
        if (!command.toFile().setExecutable(true)) {
            throw new IOException(command + " cannot be made executable");
        }
        ProcessBuilder script = new ProcessBuilder("bash", "../deploy/kafka/acls.sh", "broker:9092").inheritIO();
        script.environment()
                .putAll(Map.of(
                        "TOPIC",
                        "@topic",
                        "GROUP",
                        "@group",
                        "DEAD",
                        "@dead",
                        "RETRIES",
                        "@retry",
                        "WORKER",
                        WORKER,
                        "TOLD",
                        told.toString()));
        script.environment().merge("PATH", directory.toString(), (path, ours) -> ours + ":" + path);
        finish(script);
        return Files.readAllLines(told, UTF_8).stream()
                .filter(line -> line.contains("User:" + WORKER))
                .toList();
    }

    private static List<AclBinding> rights(List<String> words) {
        ResourceType type = words.contains("--topic") ? ResourceType.TOPIC : ResourceType.GROUP;
        String name = words.get(words.indexOf("--" + type.name().toLowerCase(java.util.Locale.ROOT)) + 1);
        List<AclBinding> rights = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--operation")) {
                rights.add(new AclBinding(
                        new ResourcePattern(type, name, PatternType.LITERAL),
                        new AccessControlEntry(
                                "User:" + WORKER,
                                "*",
                                AclOperation.fromString(words.get(i + 1)),
                                AclPermissionType.ALLOW)));
            }
        }
        return rights;
    }

    private static void finish(ProcessBuilder process) throws IOException {
        try {
            if (process.start().waitFor() != 0) {
                throw new IOException(process.command() + " failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
