package dev.claimant.benchmarks.postgres;

import com.zaxxer.hikari.HikariDataSource;

/** The connections of a contender that wants a pool. */
final class Pool {

    private static final int MOST_CONNECTIONS = 20;

    private Pool() {}

    static HikariDataSource open() {
        return open(System.getenv(Database.URL_VARIABLE));
    }

    static HikariDataSource open(String url) {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(url);
        dataSource.setMaximumPoolSize(MOST_CONNECTIONS);
        dataSource.setMinimumIdle(1);
        return dataSource;
    }
}
