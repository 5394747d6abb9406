package dev.claimant.sample.coldstart;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The least that can claim a row: the driver, a transaction, and nobody to keep the promise when it dies or stalls. */
final class BareClaim {

    private BareClaim() {}

    public static void main(String[] args) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(System.getenv("BARE_URL"));
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try (ResultSet row =
                    statement.executeQuery("SELECT id FROM make_it_clap ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")) {
                row.next();
                System.out.println("claimed message " + row.getLong(1));
            }
            Thread.sleep(Long.parseLong(args[0]) * 1000);
            connection.commit();
        }
    }
}
