package dev.claimant.spring;

import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Data sources as they are behind Spring's proxies. */
final class DataSources {

    private DataSources() {}

    /** The data source itself, whose connections belong to no transaction of the application. */
    static DataSource direct(DataSource dataSource) {
        if (dataSource instanceof TransactionAwareDataSourceProxy proxy) {
            return direct(Objects.requireNonNull(proxy.getTargetDataSource()));
        }
        return dataSource instanceof LazyConnectionDataSourceProxy proxy
                ? direct(Objects.requireNonNull(proxy.getTargetDataSource()))
                : dataSource;
    }
}
