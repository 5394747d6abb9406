package dev.claimant.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;

/** Kafka's clients ask it at each login: the password is what the file says then. Public for Kafka, which makes it by its name. */
public final class PasswordFileLogin implements AuthenticateCallbackHandler {

    /** The option of the login module that names the file. */
    static final String FILE = "passwordFile";

    private String user = "";
    private Path file = Path.of("");

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        Map<String, ?> options = entries.get(0).getOptions();
        user = String.valueOf(options.get("username"));
        file = Path.of(String.valueOf(options.get(FILE)));
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(Files.readString(file).strip().toCharArray());
            } else if (!(callback instanceof ScramExtensionsCallback || callback instanceof SaslExtensionsCallback)) {
                throw new UnsupportedCallbackException(callback); // the extensions stay empty
            }
        }
    }

    @Override
    public void close() {
        // nothing is kept open
    }
}
