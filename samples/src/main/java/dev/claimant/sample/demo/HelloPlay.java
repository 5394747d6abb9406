package dev.claimant.sample.demo;

import dev.claimant.sample.UsageException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;

/** Which source the greetings come through. */
enum HelloPlay {
    SQS("an SQS server (ElasticMQ)", 20, 5, 4) {
        @Override
        HelloStage open() throws InterruptedException {
            return HelloStage.sqs();
        }
    },
    SERVICEBUS("a server that speaks Service Bus's protocol", 20, 6, 4) {
        @Override
        HelloStage open() {
            return HelloStage.serviceBus();
        }
    },
    /** Its broker is the tests'. */
    RABBITMQ("a RabbitMQ broker", 20, 5, 4) {
        @Override
        HelloStage open() {
            return ServiceLoader.load(HelloStage.class)
                    .findFirst()
                    .orElseThrow(() ->
                            new UsageException("the demo needs a RabbitMQ broker: start it as bin/demo rabbitmq"));
        }
    },
    KAFKA("a Kafka broker", 600, 1, 6) {
        @Override
        HelloStage open() throws InterruptedException {
            return new KafkaStage();
        }
    };

    final String server;

    /** How many greetings there are, how long one takes, and how many workers there may be, unless told otherwise. */
    final int greetings;

    final int seconds;
    final int max;

    HelloPlay(String server, int greetings, int seconds, int max) {
        this.server = server;
        this.greetings = greetings;
        this.seconds = seconds;
        this.max = max;
    }

    /** Starts the server. */
    abstract HelloStage open() throws InterruptedException;

    /** As the command line says it, and as the folder of the manifests is called. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Path manifests() {
        return Path.of("deploy", word());
    }
}
