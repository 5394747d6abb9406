package dev.claimant.postgres;

import dev.claimant.SourceException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into a queue that a {@link PostgresSource} claims from. Thread-safe; takes a connection for each call and gives it back.
 */
public final class PostgresQueue {

    private static final String INSERT =
            "INSERT INTO claimant.message (queue, body, headers, idempotency_key) VALUES (?, ?, ?, ?) RETURNING id";

    private final DataSource dataSource;
    private final String name;

    /** The queue of that name; it exists by being named. */
    public PostgresQueue(DataSource dataSource, String name) {
        this.dataSource = dataSource;
        this.name = PostgresConfig.queue(name).build().queue;
    }

    /** Puts in a text, read back as {@link dev.claimant.Message#text}; gives the message's id. */
    public String enqueue(String text) {
        return enqueue(text.getBytes(StandardCharsets.UTF_8), Map.of(), null);
    }

    /**
     * Puts in a message and gives its id.
     *
     * @param idempotencyKey given to every claim of it; one made of its id when absent
     * @throws SourceException if the database cannot be reached; whether the message is in is unknown then
     */
    public String enqueue(byte[] body, Map<String, String> headers, @Nullable String idempotencyKey) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, name);
            insert.setBytes(2, body);
            insert.setArray(3, headers.isEmpty() ? null : connection.createArrayOf("text", inTurn(headers)));
            insert.setString(4, idempotencyKey);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                long id = row.getLong(1);
                Bell.ring(connection, name);
                return Long.toString(id);
            }
        } catch (SQLException e) {
            throw PostgresErrors.failed("enqueue into", name, e);
        }
    }

    private static Object[] inTurn(Map<String, String> headers) {
        List<String> texts = new ArrayList<>();
        headers.forEach((header, value) -> {
            texts.add(header);
            texts.add(value);
        });
        return texts.toArray();
    }
}
