package dev.claimant.sample;

import dev.claimant.Handler;
import dev.claimant.kafka.DeadLetters;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.sample.hello.Greetings;
import dev.claimant.sample.hello.HelloHandler;
import dev.claimant.spi.Source;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Greetings that a Kafka topic asks for; noted in a database, if there is one: once, though a rebalance may have two workers greet. */
final class KafkaWork implements Work {

    private final Kafka kafka;
    private final @Nullable DataSource dataSource;
    private final String worker;

    private KafkaWork(Kafka kafka, @Nullable DataSource dataSource, String worker) {
        this.kafka = kafka;
        this.dataSource = dataSource;
        this.worker = worker;
    }

    /** Problems go into the environment's list; then there may be nothing to work on. */
    static @Nullable KafkaWork read(Environment env, String worker) {
        Kafka kafka = Kafka.read(env);
        DataSource dataSource =
                env.text("PGHOST") == null ? null : Postgres.read(env).dataSource();
        return kafka == null ? null : new KafkaWork(kafka, dataSource, worker);
    }

    Kafka kafka() {
        return kafka;
    }

    @Override
    public Source source() {
        return KafkaSource.of(kafka.config());
    }

    @Override
    public Handler handler() {
        return dataSource == null ? new HelloHandler() : Greetings.handler(dataSource, worker);
    }

    @Override
    public VariableNames variables() {
        return Kafka.VARIABLES;
    }

    @Override
    public void send(int messages, int seconds) throws IOException {
        kafka.send(messages, seconds);
    }

    @Override
    public void migrate() throws SQLException, IOException {
        kafka.createTopics();
        if (dataSource != null) {
            Greetings.migrate(dataSource);
        }
    }

    @Override
    public String scalingQuery() {
        throw new UsageException("--query: KEDA asks Kafka's brokers, there is no query");
    }

    @Override
    public void dead(Arguments arguments, PrintStream out) {
        new PlainDeadCommand(new DeadLetters(kafka.config()), out).run(arguments);
    }
}
