package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.rabbitmq.DeadLetters;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.hello.HelloHandler;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Greetings that a RabbitMQ queue asks for; noted in a database, if there is one. */
final class HelloWork implements Work {

    private final RabbitMq rabbitMq;
    private final @Nullable DataSource dataSource;
    private final String worker;

    private HelloWork(RabbitMq rabbitMq, @Nullable DataSource dataSource, String worker) {
        this.rabbitMq = rabbitMq;
        this.dataSource = dataSource;
        this.worker = worker;
    }

    /** Problems go into the environment's list; then there may be nothing to work on. */
    static @Nullable HelloWork read(Environment env, String worker) {
        RabbitMq rabbitMq = RabbitMq.read(env);
        DataSource dataSource =
                env.text("PGHOST") == null ? null : Postgres.read(env).dataSource();
        return rabbitMq == null ? null : new HelloWork(rabbitMq, dataSource, worker);
    }

    RabbitMq rabbitMq() {
        return rabbitMq;
    }

    @Override
    public Source source() {
        return RabbitMqSource.of(rabbitMq.config());
    }

    @Override
    public Handler handler() {
        return dataSource == null ? new HelloHandler() : Greetings.handler(dataSource, worker);
    }

    @Override
    public VariableNames variables() {
        return RabbitMq.VARIABLES;
    }

    @Override
    public void send(int messages, int seconds) throws IOException {
        rabbitMq.send(messages, seconds);
    }

    @Override
    public void migrate() throws SQLException {
        RabbitMqSource.declare(rabbitMq.config());
        if (dataSource != null) {
            Greetings.migrate(dataSource);
        }
    }

    @Override
    public String migration() {
        return RabbitMqSource.definitions(rabbitMq.config());
    }

    @Override
    public String scalingQuery() {
        throw new UsageException("--query: KEDA asks RabbitMQ's management API, there is no query");
    }

    @Override
    public void dead(Arguments arguments, PrintStream out) {
        new RabbitMqDeadCommand(new DeadLetters(rabbitMq.config()), out).run(arguments);
    }
}
