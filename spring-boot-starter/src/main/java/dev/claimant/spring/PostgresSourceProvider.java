package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.postgres.PostgresConfig;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.spi.Source;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.PropertyMapper;

/** Queues and tables in the application's databases. */
final class PostgresSourceProvider implements SourceProvider {

    private final BeanFactory beans;
    private final boolean migrate;

    PostgresSourceProvider(BeanFactory beans, boolean migrate) {
        this.beans = beans;
        this.migrate = migrate;
    }

    @Override
    public String setting() {
        return "postgres";
    }

    @Override
    public @Nullable Source source(String worker, WorkerProperties properties) {
        PostgresProperties postgres = properties.postgres();
        return postgres == null ? null : source(worker, postgres);
    }

    @Override
    public Source defaultSource(String worker) {
        return source(worker, PostgresProperties.none());
    }

    private Source source(String worker, PostgresProperties properties) {
        DataSource dataSource = dataSource(properties.dataSource(), "dataSource");
        PostgresSource source = PostgresSource.of(dataSource, config(worker, properties));
        return migrate ? new MigratingSource(source, () -> PostgresSource.migrate(dataSource)) : source;
    }

    private PostgresConfig config(String worker, PostgresProperties properties) {
        if (properties.table() != null && properties.queue() != null) {
            throw new ConfigurationException(List.of("table: '" + properties.table() + "' is set beside queue '"
                    + properties.queue() + "'; a worker claims from one of them"));
        }
        PostgresConfig.Builder config = properties.table() != null
                ? PostgresConfig.table(properties.table())
                : PostgresConfig.queue(properties.queue() == null ? worker : properties.queue());
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::pending).to(config::pending);
        map.from(properties::key).to(config::key);
        map.from(properties::body).as(columns -> columns.toArray(String[]::new)).to(config::body);
        map.from(properties::orderBy).to(config::orderBy);
        map.from(properties::listenOn).as(name -> dataSource(name, "listenOn")).to(config::listenOn);
        map.from(properties::lockLength).to(config::lockLength);
        map.from(properties::pollInterval).to(config::pollInterval);
        map.from(properties::statementTimeout).to(config::statementTimeout);
        map.from(properties::connectTimeout).to(config::connectTimeout);
        map.from(properties::scalerCap).to(config::scalerCap);
        map.from(properties::wakeUp).to(config::wakeUp);
        return config.build();
    }

    private DataSource dataSource(@Nullable String name, String setting) {
        try {
            return DataSources.direct(
                    name == null ? beans.getBean(DataSource.class) : beans.getBean(name, DataSource.class));
        } catch (BeansException e) {
            throw new ConfigurationException(List.of(setting + ": "
                    + (name == null ? "there is no single or primary DataSource" : "'" + name + "' is no DataSource")
                    + ": " + e.getMessage()));
        }
    }
}
