package dev.claimant.postgres;

import dev.claimant.Claim;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** A table of the application in which each effect of a message is a row: an effect that happened twice shows. */
record Effects(TestDatabase database, String table) {

    static Effects in(TestDatabase database) {
        Effects effects =
                new Effects(database, "effect_" + UUID.randomUUID().toString().replace("-", ""));
        database.execute("CREATE TABLE " + effects.table + " (message text NOT NULL)");
        database.execute("GRANT SELECT, INSERT ON " + effects.table + " TO claimant_worker");
        return effects;
    }

    /** The same table, for another process. */
    static void write(Connection connection, String table, Claim claim) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
            insert.setString(1, claim.text());
            insert.executeUpdate();
        }
    }

    void write(Connection connection, Claim claim) throws SQLException {
        write(connection, table, claim);
    }

    List<String> all() {
        return database.column("SELECT message FROM " + table + " ORDER BY message");
    }
}
