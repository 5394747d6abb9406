package dev.claimant.sample.demo;

import java.nio.file.Path;
import java.util.Locale;

/** Which source the greetings come through. */
enum HelloPlay {
    SQS("an SQS server (ElasticMQ)", "producer.yaml", 5) {
        @Override
        HelloStage open() throws InterruptedException {
            return HelloStage.sqs();
        }
    },
    SERVICEBUS("a server that speaks Service Bus's protocol", "producer.yaml", 6) {
        @Override
        HelloStage open() {
            return HelloStage.serviceBus();
        }
    };

    final String server;
    final String producer;

    /** How long a greeting takes unless told otherwise. */
    final int seconds;

    HelloPlay(String server, String producer, int seconds) {
        this.server = server;
        this.producer = producer;
        this.seconds = seconds;
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
