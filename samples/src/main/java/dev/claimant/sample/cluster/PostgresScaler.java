package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** KEDA's {@code postgresql} scaler: one connection and one prepared statement for as long as it lives. Used by one thread. */
public final class PostgresScaler implements Scaler {

    private final Trigger trigger;
    private final Connection connection;
    private final PreparedStatement query;

    /** Logs in as the data source says, which should be the scaler's own role. */
    public PostgresScaler(Trigger trigger, DataSource dataSource) throws SQLException {
        this.trigger = trigger;
        this.connection = dataSource.getConnection();
        this.query = connection.prepareStatement(trigger.metadata().get("query"));
    }

    @Override
    public Reading read() throws IOException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            double value = row.getDouble(1);
            if (row.wasNull()) { // KEDA refuses it, too
                throw new IOException("the scaling query answered null");
            }
            return new Reading(trigger, value);
        } catch (SQLException e) {
            throw new IOException("the scaling query failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
