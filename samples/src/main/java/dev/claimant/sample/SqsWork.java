package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.hello.HelloHandler;
import dev.claimant.sample.hello.SqsHelloSender;
import dev.claimant.spi.Source;
import dev.claimant.sqs.DeadLetters;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsSource;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Greetings that an SQS queue asks for; noted in a database, if there is one. */
record SqsWork(SqsConfig config, @Nullable DataSource dataSource, String worker) implements Work {

    /** Problems go into the environment's list; then there may be nothing to work on. */
    static @Nullable SqsWork read(Environment env, String worker) {
        SqsConfig config = Sqs.read(env);
        DataSource dataSource =
                env.text("PGHOST") == null ? null : Postgres.read(env).dataSource();
        return config == null ? null : new SqsWork(config, dataSource, worker);
    }

    @Override
    public Source source() {
        return SqsSource.of(config);
    }

    @Override
    public Handler handler() {
        return dataSource == null ? new HelloHandler() : Greetings.handler(dataSource, worker);
    }

    @Override
    public VariableNames variables() {
        return Sqs.VARIABLES;
    }

    @Override
    public void send(int messages, int seconds) throws IOException {
        SqsHelloSender.send(config, messages, seconds);
    }

    @Override
    public void migrate() throws SQLException {
        if (dataSource == null) {
            throw new UsageException("migrate: SQS queues are made by your own tools; deploy/sqs/README.md says how");
        }
        Greetings.migrate(dataSource);
    }

    @Override
    public String scalingQuery() {
        throw new UsageException("--query: KEDA asks SQS for the queue's counters, there is no query");
    }

    @Override
    public void dead(Arguments arguments, PrintStream out) {
        try (DeadLetters letters = new DeadLetters(config)) {
            new PlainDeadCommand(letters, out).run(arguments);
        }
    }
}
