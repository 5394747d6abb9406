package dev.claimant.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trust and identity from files, read again when these have changed: certificates are renewed while a worker lives. Thread-safe. */
final class TlsFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final @Nullable Path authority;
    private final @Nullable Path certificate;
    private final @Nullable Path key;
    private @Nullable SSLContext context;
    private List<Object> read;

    /**
     * Reads them.
     *
     * @param problems gets a sentence for each file that cannot be used, with its setting
     */
    TlsFiles(List<String> problems, @Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {
        this.authority = authority;
        this.certificate = certificate;
        this.key = key;
        read = stamps();
        context = Certificates.context(problems, authority, certificate, key);
    }

    /** What the files say now. Files that cannot be used, as while they are being replaced, leave it as it was. */
    synchronized SSLContext context() {
        List<Object> now = stamps();
        if (!now.equals(read)) {
            List<String> problems = new ArrayList<>();
            SSLContext changed = Certificates.context(problems, authority, certificate, key);
            if (problems.isEmpty()) {
                context = changed;
                read = now;
                LOG.info("certificates have changed and were read again");
            } else {
                LOG.warn("certificates have changed and cannot be used; the old ones are: {}", problems);
            }
        }
        return Objects.requireNonNull(context);
    }

    /** What an operator should know when a connection fails; empty if nothing. A broker may say no more than that the connection ended. */
    String hint() {
        if (certificate == null) {
            return "";
        }
        try (InputStream in = Files.newInputStream(certificate)) {
            X509Certificate ours =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant end = ours.getNotAfter().toInstant();
            return end.isBefore(Instant.now())
                    ? "; the client certificate '" + certificate + "' expired at " + end
                    : "";
        } catch (IOException | GeneralSecurityException e) {
            return "; the client certificate '" + certificate + "' cannot be read: " + e;
        }
    }

    private List<Object> stamps() {
        return Stream.of(authority, certificate, key).map(TlsFiles::stamp).toList();
    }

    private static Object stamp(@Nullable Path file) {
        try {
            FileTime changed = file == null ? FileTime.fromMillis(0) : Files.getLastModifiedTime(file);
            return List.of(changed, file == null ? 0L : Files.size(file), file == null ? "" : file.toRealPath());
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
