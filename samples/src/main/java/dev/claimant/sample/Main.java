package dev.claimant.sample;

import dev.claimant.ConfigurationException;
import dev.claimant.JobResult;
import dev.claimant.SourceException;
import dev.claimant.sample.check.CheckCommand;
import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.demo.Demo;
import dev.claimant.sample.local.LocalCommand;
import dev.claimant.sample.manifests.ManifestsCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** {@code claimant-sample}: one program for every part of the sample. */
@SuppressWarnings("SystemOut") // the one place where the sample prints for its caller
public final class Main {

    static final String USAGE = """
            Usage: claimant-sample COMMAND

              worker             works until SIGTERM (in a Deployment)
              job                works on CLAIMANT_MESSAGES messages, 1 by default, and ends (in a Job)
              send [N [SECONDS]] asks for N pieces of work of SECONDS each; by default for 1 of 1
              backlog [--query]  prints what is there to do, or the query by which KEDA counts it
              dead list [N [ID]] prints N that were given up, by default the first 100; PostgreSQL: those after ID
              dead show ID       prints all that is known of one
              dead redrive ID... | --all
                                 has them tried again, from the first attempt
              dead purge ID... | --older-than-days N | --all
                                 removes them for good; SQS, Kafka, Service Bus: by ID alone
              migrate [--print]  creates schema, roles and tables, or prints the SQL that does; RabbitMQ: the queues,
                                 or their definitions
              manifests postgres|rabbitmq|sqs|kafka|servicebus jobs|workers --queue Q --image I --secret S [--slots N] [--max N]
                                 prints the manifests of a worker of your own
              check -f FILE      says what is wrong with Kubernetes manifests: of a file, a folder, a kustomization.yaml, or - for
                                 the standard input; --partitions N says how many a Kafka topic has
              local -f FILE      runs a ScaledJob or ScaledObject here, without a cluster: asks the source as KEDA does, starts and
                                 stops workers by its arithmetic; --faster N, --until-idle, --plain
              demo [sqs|servicebus|rabbitmq|kafka] [OPTIONS]
                                 plays KEDA and Kubernetes on this machine; see demo --help

            All but manifests, check and demo read where to from the environment: SOURCE=postgres PGHOST PGPORT PGDATABASE
            PGUSER PGPASSWORD PGPASSWORD_FILE PGSSLMODE PGSSLROOTCERT PGCONNECT_TIMEOUT, or SOURCE=sqs SQS_QUEUE_URL SQS_DEAD_LETTER_QUEUE_URL SQS_LOCK_SECONDS
            SQS_LONGEST_POLL_SECONDS and the AWS SDK's own, or SOURCE=servicebus SERVICEBUS_CONNECTION_STRING
            SERVICEBUS_NAMESPACE SERVICEBUS_QUEUE
            SERVICEBUS_TOPIC SERVICEBUS_SUBSCRIPTION SERVICEBUS_LOCK_SECONDS SERVICEBUS_ADMINISTRATION_ENDPOINT
            SERVICEBUS_SESSIONS SERVICEBUS_SCHEDULED_RETRIES SERVICEBUS_WEB_SOCKETS SERVICEBUS_EMULATOR_ANYWHERE, or SOURCE=rabbitmq RABBITMQ_URL RABBITMQ_QUEUE RABBITMQ_QUEUE_TYPE
            RABBITMQ_MANAGEMENT_URL RABBITMQ_CONSUMER_TIMEOUT_SECONDS RABBITMQ_CA_FILE RABBITMQ_CLIENT_CERTIFICATE_FILE
            RABBITMQ_CLIENT_KEY_FILE RABBITMQ_PASSWORD_FILE, or SOURCE=kafka KAFKA_BOOTSTRAP_SERVERS KAFKA_TOPIC KAFKA_GROUP
            KAFKA_DEAD_LETTER_TOPIC KAFKA_RETRY_TOPICS KAFKA_PARTITIONS KAFKA_GROUP_PROTOCOL KAFKA_SESSION_TIMEOUT_SECONDS KAFKA_TLS KAFKA_CA_FILE
            KAFKA_SASL_MECHANISM KAFKA_USERNAME KAFKA_PASSWORD KAFKA_PASSWORD_FILE; docs/configuration.md lists what else there is to set.
            Exit codes: 0 done; 1 failed and kept for this Job's next pod; 75 source unreachable or lock lost; 78 wrong
            configuration or usage; 143 terminated with something handed back.
            """;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(exitCode(Arrays.asList(args)));
    }

    private static int exitCode(List<String> args) {
        try {
            return run(args, new PrintStream(System.out, true, StandardCharsets.UTF_8));
        } catch (UsageException e) {
            System.err.println("claimant-sample: " + e.getMessage() + "; claimant-sample --help says what there is");
            return JobResult.MISCONFIGURED;
        } catch (ConfigurationException e) {
            e.problems().forEach(problem -> System.err.println("claimant-sample: " + problem));
            return JobResult.MISCONFIGURED;
        } catch (SourceException | SQLException | IOException e) {
            System.err.println("claimant-sample: " + e.getMessage());
            return JobResult.TRY_AGAIN;
        }
    }

    private static int run(List<String> args, PrintStream out) throws SQLException, IOException {
        String command = args.isEmpty() ? "" : args.get(0);
        Arguments rest = new Arguments(args.subList(Math.min(1, args.size()), args.size()));
        return switch (command) {
            case "worker" -> commands(rest, out).worker();
            case "job" -> commands(rest, out).job();
            case "send" -> {
                int claps = rest.next("N", 1, 1);
                int seconds = rest.next("SECONDS", 0, 1);
                yield commands(rest, out).send(claps, seconds);
            }
            case "backlog" -> {
                boolean query = rest.flag("--query");
                Commands commands = commands(rest, out);
                yield query ? commands.scalingQuery() : commands.backlog();
            }
            case "dead" -> new Commands(Settings.read(System.getenv()), out).dead(rest);
            case "migrate" ->
                rest.flag("--print")
                        ? print(migration(), rest, out)
                        : commands(rest, out).migrate();
            case "manifests" -> ManifestsCommand.run(rest, out);
            case "check" -> CheckCommand.run(rest, System.in, out);
            case "local" -> LocalCommand.run(rest, System.getenv(), out);
            case "demo" -> Demo.run(rest, out);
            case "help", "--help", "-h" -> print(USAGE, rest, out);
            case "" -> throw new UsageException("a command is missing");
            default -> throw new UsageException("there is no command " + command);
        };
    }

    /** Printing what creates a schema needs no database; which queues there are to make, the settings say. */
    private static String migration() {
        return "rabbitmq".equals(System.getenv("SOURCE"))
                ? Settings.read(System.getenv()).work().migration()
                : ClapTables.migrationSql();
    }

    private static Commands commands(Arguments rest, PrintStream out) {
        rest.end();
        return new Commands(Settings.read(System.getenv()), out);
    }

    private static int print(String text, Arguments rest, PrintStream out) {
        rest.end();
        out.print(text);
        return JobResult.DONE;
    }
}
