package dev.claimant.sqs;

import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.contract.ModularApplication;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;

class ModuleTest {

    private static final String BODY = """
            SqsConfig config = SqsConfig.queue(args[1])
                    .endpoint(args[0])
                    .region("eu-west-1")
                    .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                    .longestPoll(Duration.ofSeconds(1))
                    .build();
            try (SqsAsyncClient client = SqsMessages.client(config)) {
                client.sendMessage(SqsMessages.request("hello".getBytes(), Map.of(), null, null).queueUrl(args[1]).build()).join();
            }
            try (SqsSource source = SqsSource.of(config);
                    Worker worker = Worker.builder(source).handler(claim -> System.out.println("handled " + claim.text())).build()) {
                System.out.println("job: " + worker.runJob(JobOptions.messages(1)).exitCode());
            }
            """;

    @Test
    void aModularApplicationWorksOnAMessage(@TempDir Path directory) throws Exception {
        List<Path> libraries = new ArrayList<>(ModularApplication.locationsOf(
                SqsSource.class, Worker.class, Publisher.class, Logger.class, org.jspecify.annotations.Nullable.class));
        libraries.addAll(jarsOfTheSdk());
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant.sqs;",
                "import dev.claimant.*; import dev.claimant.sqs.*; import java.time.Duration; import java.util.Map;"
                        + "import software.amazon.awssdk.auth.credentials.*; import software.amazon.awssdk.services.sqs.*;",
                BODY,
                libraries);
        try (TestQueue queue = new TestQueue(TestServer.main(), false);
                ChildProcess process =
                        application.run(TestServer.main().endpoint().toString(), queue.url())) {
            process.await("handled hello");
            process.await("job: 0");
        }
    }

    private static List<Path> jarsOfTheSdk() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar ->
                        jar.toString().contains("awssdk") || jar.toString().contains("httpcomponents"))
                .toList();
    }
}
