package dev.claimant.sample;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the database is, by the variables that all of PostgreSQL's own tools read. */
record Postgres(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        @Nullable Path passwordFile,
        String sslMode,
        @Nullable String sslRootCertificate) {

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** Problems go into the environment's list. */
    static Postgres read(Environment env) {
        String sslMode = env.text("PGSSLMODE") == null ? "prefer" : env.oneOf("PGSSLMODE", SSL_MODES);
        Path rootCertificate = env.fileIfSet("PGSSLROOTCERT");
        if (rootCertificate != null && !sslMode.startsWith("verify-")) {
            env.problem(
                    "PGSSLROOTCERT",
                    "nothing would use it with PGSSLMODE " + sslMode + "; take verify-full or verify-ca");
        }
        return new Postgres(
                env.required("PGHOST", "the database's host"),
                env.number("PGPORT", 1, 65_535, 5432),
                env.required("PGDATABASE", "the database's name"),
                env.required("PGUSER", "the role to log in as"),
                env.text("PGPASSWORD"),
                env.fileInsteadOf("PGPASSWORD", "PGPASSWORD_FILE"),
                sslMode,
                rootCertificate == null ? null : rootCertificate.toString());
    }

    /** A new connection each time. */
    ConnectedAhead dataSource() {
        ConnectedAhead dataSource = new ConnectedAhead();
        dataSource.setServerNames(new String[] {host});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(database);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        dataSource.setPasswordFile(passwordFile);
        dataSource.setSslMode(sslMode);
        if (sslRootCertificate != null) {
            dataSource.setSslRootCert(sslRootCertificate);
        }
        dataSource.setApplicationName("claimant-sample");
        return dataSource;
    }
}
