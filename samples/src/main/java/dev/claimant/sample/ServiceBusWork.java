package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.hello.HelloHandler;
import dev.claimant.servicebus.DeadLetters;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Greetings that a Service Bus queue or subscription asks for; noted in a database, if there is one. */
record ServiceBusWork(ServiceBus serviceBus, @Nullable DataSource dataSource, String worker) implements Work {

    /** Problems go into the environment's list; then there may be nothing to work on. */
    static @Nullable ServiceBusWork read(Environment env, String worker) {
        ServiceBus serviceBus = ServiceBus.read(env);
        DataSource dataSource =
                env.text("PGHOST") == null ? null : Postgres.read(env).dataSource();
        return serviceBus == null ? null : new ServiceBusWork(serviceBus, dataSource, worker);
    }

    @Override
    public Source source() {
        return ServiceBusSource.of(serviceBus.config());
    }

    @Override
    public Handler handler() {
        return dataSource == null ? new HelloHandler() : Greetings.handler(dataSource, worker);
    }

    @Override
    public VariableNames variables() {
        return ServiceBus.VARIABLES;
    }

    @Override
    public void send(int messages, int seconds) throws IOException {
        serviceBus.send(messages, seconds);
    }

    @Override
    public void migrate() throws SQLException {
        if (dataSource == null) {
            throw new UsageException(
                    "migrate: Service Bus queues are made by your own tools; deploy/servicebus/README.md says how");
        }
        Greetings.migrate(dataSource);
    }

    @Override
    public String scalingQuery() {
        throw new UsageException("--query: KEDA asks Service Bus's administration API, there is no query");
    }

    @Override
    public void dead(Arguments arguments, PrintStream out) {
        new PlainDeadCommand(new DeadLetters(serviceBus.config()), out).run(arguments);
    }
}
