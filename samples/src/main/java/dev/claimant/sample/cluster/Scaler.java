package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.Trigger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** KEDA's {@code postgresql} scaler: one connection and one prepared statement for as long as it lives. Used by one thread. */
public final class Scaler implements AutoCloseable {

    private final Trigger trigger;
    private final Connection connection;
    private final PreparedStatement query;

    /** Logs in as the data source says, which should be the scaler's own role. */
    public Scaler(Trigger trigger, DataSource dataSource) throws SQLException {
        this.trigger = trigger;
        this.connection = dataSource.getConnection();
        this.query = connection.prepareStatement(trigger.metadata().get("query"));
    }

    /** What the query says now; KEDA refuses a null, too. */
    public Reading read() throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            double value = row.getDouble(1);
            if (row.wasNull()) {
                throw new SQLException("the scaling query answered null");
            }
            return new Reading(trigger, value);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
