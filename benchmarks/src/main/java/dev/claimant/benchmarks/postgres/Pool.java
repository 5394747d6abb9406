package dev.claimant.benchmarks.postgres;

import com.zaxxer.hikari.HikariDataSource;

/** The connections of a contender that wants a pool. */
final class Pool {

    private static final int MOST_CONNECTIONS = 20;

    private Pool() {}

    static HikariDataSource open() {
        HikariDataSource dataSource = new HikariDataSource();
        dataSource.setJdbcUrl(System.getenv(Database.URL_VARIABLE));
        dataSource.setMaximumPoolSize(MOST_CONNECTIONS);
        dataSource.setMinimumIdle(1);
        return dataSource;
    }
}
