package dev.claimant.postgres;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One array parameter of a statement on a batch: a value for each element. */
record Column(String type, List<@Nullable Object> values) {

    static <T> Column of(String type, List<T> batch, Function<T, @Nullable Object> value) {
        List<@Nullable Object> values = new ArrayList<>(batch.size());
        batch.forEach(element -> values.add(value.apply(element)));
        return new Column(type, values);
    }

    void bind(PreparedStatement statement, int index) throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf(type, values.toArray()));
    }
}
