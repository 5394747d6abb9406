package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.CredentialsProvider;
import dev.claimant.ConfigurationException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where the broker is, who we are there, and whom we trust. Immutable, except for files that are read again when they have changed. */
final class Access {

    /** That of the first host. */
    final URI uri;

    final List<String> hosts;
    final String vhost;
    final @Nullable URI management;

    /** Absent where the address or the certificate says who we are. */
    final @Nullable CredentialsProvider credentials;

    /** Whether the client certificate says who we are, instead of a name and a password. */
    final boolean identified;

    private final @Nullable SSLContext tls;
    private final @Nullable TlsFiles tlsFiles;

    private Access(RabbitMqConfig.Builder builder, URI uri, @Nullable URI management, @Nullable TlsFiles tlsFiles) {
        this.uri = uri;
        this.management = management;
        this.tlsFiles = tlsFiles;
        tls = builder.tls;
        hosts = Uris.hosts(builder.uri);
        vhost = Uris.vhost(uri);
        Path password = builder.passwordFile;
        credentials = password == null ? builder.credentials : new Credentials(Uris.credentials(uri)[0], password);
        identified = builder.clientCertificate != null && uri.getRawUserInfo() == null && credentials == null;
    }

    /**
     * What the settings say of it.
     *
     * @param problems those found so far, to which a sentence is added for each setting that cannot be used
     * @throws ConfigurationException if there are any
     */
    static Access of(List<String> problems, RabbitMqConfig.Builder builder) {
        URI broker = Uris.parse(problems, "uri", Uris.ofFirstHost(builder.uri), "amqp", "amqps");
        Uris.parameters(problems, broker);
        String api = builder.management;
        URI management = api == null ? null : Uris.parse(problems, "management", api, "http", "https");
        check(problems, builder, broker, management);
        boolean files = builder.certificateAuthority != null || builder.clientCertificate != null;
        // Reading the JVM's own authorities takes long: not for a worker that needs no TLS.
        TlsFiles read = builder.tls != null || !files
                ? null
                : new TlsFiles(problems, builder.certificateAuthority, builder.clientCertificate, builder.clientKey);
        if (broker == null || !problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Access(builder, broker, management, read);
    }

    private static void check(
            List<String> problems, RabbitMqConfig.Builder builder, @Nullable URI broker, @Nullable URI management) {
        boolean files = builder.certificateAuthority != null || builder.clientCertificate != null;
        if (files && broker != null && Uris.isPlain(broker) && Uris.isPlain(management)) {
            problems.add("certificateAuthority, clientCertificate: nothing would use them; take amqps:// or https://");
        }
        Path password = builder.passwordFile;
        if (password != null && (builder.credentials != null || broker == null || broker.getRawUserInfo() == null)) {
            problems.add("passwordFile: '" + password + "' needs a user in uri, and no credentials()");
        } else if (password != null && !Files.isReadable(password)) {
            problems.add("passwordFile: '" + password + "' cannot be read");
        }
    }

    /** Whom to trust and what to show now; absent where the JVM's own serve. */
    @Nullable SSLContext tls() {
        return tls != null || tlsFiles == null ? tls : tlsFiles.context();
    }

    /** What an operator should know when a connection fails; empty if nothing. */
    String hint() {
        return tls != null || tlsFiles == null ? "" : tlsFiles.hint();
    }
}
