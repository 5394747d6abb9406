package dev.claimant.rabbitmq;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom to trust and who we are, from PEM files as Kubernetes mounts them. */
final class Certificates {

    /** Of a key store that only ever exists in this process. */
    private static final char[] NO_PASSWORD = new char[0];

    private Certificates() {}

    /**
     * What the files say; the JVM's own trust without an authority, no identity without a certificate.
     *
     * @param problems gets a sentence for each file that cannot be used, with its setting
     */
    static @Nullable SSLContext context(
            List<String> problems, @Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {
        TrustManager[] trust = authority == null ? null : trust(problems, authority);
        KeyManager[] identity = certificate == null || key == null ? null : identity(problems, certificate, key);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            problems.add("certificateAuthority, clientCertificate: " + e.getMessage());
            return null;
        }
    }

    private static TrustManager @Nullable [] trust(List<String> problems, Path authority) {
        try {
            KeyStore store = empty();
            int number = 0;
            for (Certificate certificate : certificates(authority)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            problems.add("certificateAuthority: '" + authority + "' is not a file of certificates: " + e);
            return null;
        }
    }

    private static KeyManager @Nullable [] identity(List<String> problems, Path certificate, Path key) {
        try {
            KeyStore store = empty();
            store.setKeyEntry(
                    "us", key(key), NO_PASSWORD, certificates(certificate).toArray(new Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            problems.add("clientCertificate: '" + certificate + "' and '" + key
                    + "' are not a certificate and its unencrypted PKCS#8 key: " + e);
            return null;
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException("there is none in it");
            }
            return found;
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        byte[] key = Base64.getMimeDecoder().decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", ""));
        GeneralSecurityException last = new GeneralSecurityException("of no known kind");
        for (String kind : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(key));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }
}
