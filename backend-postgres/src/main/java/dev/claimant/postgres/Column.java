package dev.claimant.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** One array parameter of a statement on a batch: a value for each element. */
record Column(String type, List<@Nullable Object> values) {

    static <T> Column of(String type, List<T> batch, Function<T, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>(batch.size());
        batch.forEach(element -> values.add(value.apply(element)));
        return new Column(type, values);
    }

    /** Of a batch of one. */
    static Column of(String type, @Nullable Object value) {
        return of(type, Collections.singletonList(value), one -> one);
    }

    void bind(PreparedStatement statement, int index) throws SQLException {
        Connection connection = statement.getConnection();
        Object[] array = type.equals("text") && !storesAllTexts(connection)
                ? values.stream().map(Column::inAscii).toArray()
                : values.toArray();
        statement.setArray(index, connection.createArrayOf(type, array));
    }

    /** One character that the database's encoding does not have would fail the whole batch. */
    private static boolean storesAllTexts(Connection connection) throws SQLException {
        return !connection.isWrapperFor(PGConnection.class)
                || "UTF8".equals(connection.unwrap(PGConnection.class).getParameterStatus("server_encoding"));
    }

    private static @Nullable Object inAscii(@Nullable Object text) {
        return text == null ? null : text.toString().replaceAll("[^\\p{ASCII}]", "?");
    }
}
