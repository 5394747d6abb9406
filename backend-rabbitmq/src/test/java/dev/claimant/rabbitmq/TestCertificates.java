package dev.claimant.rabbitmq;

import dev.claimant.Keytool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** An authority of the tests' own and what it has signed, as PEM files. Made by the JDK's keytool. */
final class TestCertificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;

    TestCertificates(Path directory) {
        this.directory = directory;
    }

    static TestCertificates in(Path directory) {
        TestCertificates certificates = new TestCertificates(directory);
        certificates.keytool("ca", "-ext", "bc:c");
        certificates.export("ca");
        return certificates;
    }

    /** A certificate with this common name, for this host where there is one. */
    void sign(String name, String host) {
        List<String> options = new ArrayList<>(List.of("-signer", "ca"));
        if (!host.isEmpty()) {
            options.addAll(List.of("-ext", "san=dns:" + host));
        }
        keytool(name, options.toArray(new String[0]));
        export(name);
    }

    /** One whose time is over. */
    void signExpired(String name) {
        keytool(name, "-signer", "ca", "-startdate", "-3d", "-validity", "1");
        export(name);
    }

    Path certificate(String name) {
        return directory.resolve(name + ".pem");
    }

    Path key(String name) {
        return directory.resolve(name + ".key");
    }

    private void keytool(String name, String... options) {
        Keytool.makeKey(store(), PASSWORD, name, options);
    }

    private void export(String name) {
        try {
            KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
            write(certificate(name), "CERTIFICATE", store.getCertificate(name).getEncoded());
            write(
                    key(name),
                    "PRIVATE KEY",
                    store.getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        Files.writeString(file, Keytool.pem(what, content));
    }

    private Path store() {
        return directory.resolve("all.p12");
    }
}
