package dev.claimant.sample.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Handler;
import dev.claimant.JobOptions;
import dev.claimant.JobResult;
import dev.claimant.Message;
import dev.claimant.Worker;
import dev.claimant.WorkerBuilder;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.postgres.PostgresConfig;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.sample.ClapDatabase;
import dev.claimant.spi.Source;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Path CONFIGURATION = Path.of("..", "docs", "configuration.md");
    private static final Path POSTGRES = Path.of("..", "backend-postgres", "README.md");
    private static final Path RABBITMQ = Path.of("..", "backend-rabbitmq", "README.md");
    private static final Path SOURCE =
            Path.of("src", "test", "java", "dev", "claimant", "sample", "readme", "QuickStart.java");

    @Test
    void everyJavaBlockIsARegionOfCompiledCodeOrAWholeProgramAndEveryRegionIsShown() throws IOException {
        List<String> regions = all("// region \\w+\n(.*?)\n *// endregion", Files.readString(SOURCE)).stream()
                .map(String::stripIndent)
                .toList();
        List<String> shown = new ArrayList<>();
        for (Path page : List.of(README, CONFIGURATION, POSTGRES, RABBITMQ)) {
            shown.addAll(all("```java\n(.*?)\n```", Files.readString(page)));
        }
        // whole programs: one runs below, the other in samples/spring
        shown.removeIf(block -> block.startsWith("import ") || block.startsWith("package "));

        assertThat(regions).hasSize(9);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(regions);
    }

    @Test
    void theProgramOfTheReadmeRunsAsItIsPrintedUntilSigterm(@TempDir Path directory) throws Exception {
        String program =
                all("```java\n(import .*?)\n```", Files.readString(README)).get(0);
        Path file = Files.writeString(directory.resolve("EmailWorker.java"), program);
        Path output = directory.resolve("output");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> database = new ClapDatabase().environment();
        java.environment()
                .put(
                        "DATABASE_URL",
                        "jdbc:postgresql://localhost:" + database.get("PGPORT") + "/" + database.get("PGDATABASE")
                                + "?user=postgres");

        Process worker = java.start();
        try {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(output).content().contains("sent to ada@example.org"));
            worker.destroy();
            assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            worker.destroyForcibly();
        }

        assertThat(worker.exitValue()).as(Files.readString(output)).isZero();
    }

    @Test
    void everySettingIsListed() throws IOException {
        assertListed(WorkerBuilder.class, CONFIGURATION);
        assertListed(PostgresConfig.Builder.class, POSTGRES);
        assertListed(RabbitMqConfig.Builder.class, RABBITMQ);
    }

    private static void assertListed(Class<?> builder, Path readme) throws IOException {
        String text = Files.readString(readme);
        assertThat(builder.getMethods())
                .filteredOn(method -> method.getReturnType() == builder)
                .hasSizeGreaterThan(5)
                .extracting(Method::getName)
                .allSatisfy(setting -> assertThat(text).contains("`" + setting + "`"));
    }

    @Test
    void theWorkerOfTheReadmeSendsWhatIsInItsSource() {
        QuickStart quickStart = new QuickStart(new PGSimpleDataSource());
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("1", "ada@example.org"));

        assertThat(quickStart
                        .worker(new InMemorySource(queue))
                        .runJob(JobOptions.messages(1))
                        .completed())
                .isOne();

        assertThat(quickStart.sent).containsExactly("ada@example.org");
    }

    @Test
    void theBatchesOfThePageSendWhatIsRightAndGiveUpTheRest() {
        QuickStart quickStart = new QuickStart(new PGSimpleDataSource());
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("1", "ada@example.org"));
        queue.send(Message.of("2", "nobody"));

        Worker worker = Worker.builder(new InMemorySource(queue))
                .handler(quickStart.batches())
                .build();
        assertThat(worker.runJob(JobOptions.messages(2)).completed()).isOne();

        assertThat(quickStart.sent).containsExactly("ada@example.org");
        assertThat(queue.deadLetters()).hasSize(1);
    }

    @Test
    void theTracedWorkerOfThePageSendsWhatIsEnqueued() throws Exception {
        ClapDatabase database = new ClapDatabase();
        QuickStart quickStart = new QuickStart(database.superuser());
        try (PostgresSource source = PostgresSource.queue(database.worker(), "emails");
                Worker worker = quickStart.traced(source, OpenTelemetry.noop())) {
            assertThat(worker.runJob(JobOptions.messages(1)).completed()).isOne();
        }
        assertThat(quickStart.sent).containsExactly("ada@example.org");
    }

    @Test
    void theJobOfTheQuickStartWorksOnOneMessageAndSaysHowItWent() throws Exception {
        ClapDatabase database = new ClapDatabase();
        QuickStart quickStart = new QuickStart(database.superuser());
        PostgresQueue queue = new PostgresQueue(database.superuser(), "numbers");
        queue.enqueue("1");
        queue.enqueue("2");

        try (PostgresSource source = PostgresSource.queue(database.worker(), "numbers")) {
            Worker worker = Worker.builder(source).handler(claim -> {}).build();
            assertThat(quickStart.job(worker, "job-1")).isEqualTo(JobResult.DONE);
            assertThat(source.backlog().ready()).hasValue(1);
        }
    }

    @Test
    void theBookingOfTheReadmeAndTheCompletionOfItsMessageAreOneTransaction() throws Exception {
        ClapDatabase database = new ClapDatabase();
        database.execute("CREATE TABLE booking (text text)");
        QuickStart quickStart = new QuickStart(database.superuser());
        new PostgresQueue(database.superuser(), "bookings").enqueue("seat 7");

        try (PostgresSource source = PostgresSource.queue(database.worker(), "bookings")) {
            Worker worker = Worker.builder(source).handler(quickStart::book).build();
            JobResult result = worker.runJob(JobOptions.messages(1));
            assertThat(result.completed()).isOne();
            assertThat(source.backlog().scaler()).isZero();
        }
        assertThat(database.value("SELECT string_agg(text, ',') FROM booking")).isEqualTo("seat 7");
    }

    @Test
    void theInboxOfTheReadmeBooksOnceForTwoCopiesOfAMessage() throws Exception {
        ClapDatabase database = new ClapDatabase();
        database.execute("CREATE TABLE booking (text text)");
        Handler booking = new QuickStart(database.superuser()).booking();
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("7", "seat 7"));
        queue.send(Message.of("7", "seat 7"));

        Worker worker =
                Worker.builder(new InMemorySource(queue)).handler(booking).build();
        assertThat(worker.runJob(JobOptions.messages(2)).completed()).isEqualTo(2);
        assertThat(database.value("SELECT string_agg(text, ',') FROM booking")).isEqualTo("seat 7");
    }

    @Test
    void theRabbitMqSourceOfTheReadmeIsAcceptedAsItStands() {
        try (Source source = QuickStart.rabbitMq()) {
            assertThat(source).isNotNull();
        }
    }

    @Test
    void theWorkerOfTheReadmeIsMeasuredWithItsSource() throws Exception {
        QuickStart quickStart = new QuickStart(new ClapDatabase().superuser());
        InMemoryQueue queue = new InMemoryQueue();
        queue.send(Message.of("1", "ada@example.org"));

        try (InMemorySource source = new InMemorySource(queue)) {
            assertThat(quickStart.measured(source).scrape())
                    .contains("claimant_slots{source=\"emails\"} 10.0")
                    .contains("claimant_backlog_scaler_messages{source=\"emails\"} 1.0");
        }
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
