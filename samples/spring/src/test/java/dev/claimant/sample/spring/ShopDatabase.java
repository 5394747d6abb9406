package dev.claimant.sample.spring;

import dev.claimant.sample.cluster.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of its own for a test, on a real server that all tests share. */
final class ShopDatabase {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final LocalPostgres SERVER = LocalPostgres.start();

    private final String name = "shop_" + NUMBER.incrementAndGet();
    private final JdbcClient sql;

    ShopDatabase() throws Exception {
        SERVER.createDatabase(name);
        SERVER.execute(name, Files.readString(Path.of("src", "main", "resources", "schema.sql")));
        sql = JdbcClient.create(dataSource());
    }

    DataSource dataSource() {
        return SERVER.superuser(name);
    }

    int port() {
        return ((PGSimpleDataSource) dataSource()).getPortNumbers()[0];
    }

    /** With another port, for a wire in between. */
    String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/" + name + "?user=postgres";
    }

    String url() {
        return url(port());
    }

    long count(String query) {
        return sql.sql("SELECT count(*) FROM " + query).query(Long.class).single();
    }

    List<String> texts(String query) {
        return sql.sql(query).query(String.class).list();
    }

    void execute(String statement) {
        sql.sql(statement).update();
    }
}
