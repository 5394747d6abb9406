package dev.claimant.rabbitmq;

import com.rabbitmq.client.ConnectionFactory;
import dev.claimant.ChildProcess;
import dev.claimant.Worker;
import dev.claimant.contract.ModularApplication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class ModuleTest {

    private static final String BODY = """
            RabbitMqConfig config = RabbitMqConfig.queue(args[0], args[1]).build();
            RabbitMqSource.declare(config);
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(args[0]);
            try (Connection connection = factory.newConnection(); Channel channel = connection.createChannel()) {
                channel.basicPublish("", args[1], null, "hello".getBytes());
                try (RabbitMqSource source = RabbitMqSource.of(config);
                        Worker worker = Worker.builder(source).handler(claim -> System.out.println("handled " + claim.text())).build()) {
                    System.out.println("job: " + worker.runJob(JobOptions.messages(1)).exitCode());
                }
                channel.queueDelete(args[1]);
            }
            """;

    @Test
    void aModularApplicationWorksOnAMessage(@TempDir Path directory) throws Exception {
        ModularApplication application = new ModularApplication(
                directory,
                "requires dev.claimant.rabbitmq;",
                "import dev.claimant.*; import dev.claimant.rabbitmq.*; import com.rabbitmq.client.*;",
                BODY,
                RabbitMqSource.class,
                Worker.class,
                ConnectionFactory.class,
                Logger.class,
                org.jspecify.annotations.Nullable.class);
        try (ChildProcess process = application.run(TestServer.get().uri(), "modular")) {
            process.await("handled hello");
            process.await("job: 0");
        }
    }
}
