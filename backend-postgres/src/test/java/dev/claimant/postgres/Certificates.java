package dev.claimant.postgres;

import dev.claimant.Keytool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** Authorities made for a test with the JDK's keytool, and a server's certificate that one of them signed. */
final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path folder;

    Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes an authority; its certificate is in {@link #file} {@code name.crt}. */
    void authority(String name) {
        keytool(name, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=" + name, "-ext", "bc:c");
        keytool(name, "-exportcert", "-rfc", "-file", file(name + ".crt").toString());
    }

    /** Makes a server's key and certificate for one host name: {@code name.key}, {@code name.crt}. */
    void server(String name, String host, String authority) {
        keytool(name, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=" + host);
        String request = file(name + ".csr").toString();
        keytool(name, "-certreq", "-file", request);
        keytool(
                authority,
                "-gencert",
                "-rfc",
                "-ext",
                "san=dns:" + host,
                "-infile",
                request,
                "-outfile",
                file(name + ".crt").toString());
        Path key = file(name + ".key");
        try {
            Files.writeString(key, pem(name));
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private String pem(String name) throws IOException {
        try (InputStream in = Files.newInputStream(file(name + ".p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return Keytool.pem(
                    "PRIVATE KEY", store.getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void keytool(String alias, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-alias", alias));
        Keytool.run(file(alias + ".p12"), PASSWORD, all);
    }
}
