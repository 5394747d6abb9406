package dev.claimant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The JDK's own tool for keys and certificates, on stores of the type PKCS12. */
public final class Keytool {

    private Keytool() {}

    /** Makes a key and a certificate of this common name, signed by itself unless the options name a signer. */
    public static void makeKey(Path store, String password, String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
        arguments.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        arguments.addAll(List.of(options));
        run(store, password, arguments);
    }

    /** Does what the arguments say with a store. */
    public static void run(Path store, String password, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(arguments);
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", password));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool " + arguments + " failed: " + said);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("keytool did not run", e);
        }
    }

    /** The text that a file of PEM holds for this. */
    public static String pem(String what, byte[] content) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
