package dev.claimant.sample.cluster;

import dev.claimant.sample.hello.SqsHelloSender;
import dev.claimant.sample.keda.Trigger;
import dev.claimant.sqs.SqsConfig;
import dev.claimant.sqs.SqsMessages;
import dev.claimant.sqs.SqsSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queue {@code hello} and its dead letters on a real server, as an administrator makes them. */
public final class HelloQueue {

    private final String endpoint;
    private final String url;

    /**
     * Makes both.
     *
     * @param endpoint by which clients reach the server, be it through a wire
     */
    public HelloQueue(String endpoint) {
        this.endpoint = endpoint;
        String name = "hello-" + UUID.randomUUID();
        try (SqsAsyncClient administrator =
                SqsMessages.client(config(endpoint + "/000000000000/" + name).build())) {
            String dead = administrator
                    .createQueue(request -> request.queueName(name + "-dead"))
                    .join()
                    .queueUrl();
            String arn = Objects.requireNonNull(administrator
                    .getQueueAttributes(request -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                    .join()
                    .attributes()
                    .get(QueueAttributeName.QUEUE_ARN));
            String policy = "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":\"100\"}";
            url = administrator
                    .createQueue(request ->
                            request.queueName(name).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
                    .join()
                    .queueUrl();
        }
    }

    private SqsConfig.Builder config(String queueUrl) {
        return SqsConfig.queue(queueUrl)
                .endpoint(endpoint)
                .region("eu-west-1")
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    /** How a client of this machine reaches it. */
    public SqsConfig.Builder config() {
        return config(url);
    }

    /** Asks for greetings of this many seconds each. */
    public void send(int greetings, int seconds) throws IOException {
        SqsHelloSender.send(config().build(), greetings, seconds);
    }

    /** Sends one of the messages that wait a second time, with all that makes it this message, as by a producer that got no answer. */
    public void repeatOne() {
        try (SqsAsyncClient client = SqsMessages.client(config().build())) {
            Message message = client.receiveMessage(request -> request.queueUrl(url)
                            .visibilityTimeout(0) // others see it all the time
                            .messageAttributeNames("All"))
                    .join()
                    .messages()
                    .get(0);
            client.sendMessage(request -> request.queueUrl(url)
                            .messageBody(message.body())
                            .messageAttributes(message.messageAttributes()))
                    .join();
        }
    }

    /** How many are in the queue or in work. */
    public long messages() {
        try (SqsSource source = SqsSource.of(config().build())) {
            return source.backlog().scaler();
        }
    }

    /** KEDA's scaler of this queue. */
    public SqsScaler scaler(Trigger trigger) {
        return new SqsScaler(trigger, config().build());
    }

    /** What a pod of ours needs besides its manifest: there is no identity but keys here. */
    public Map<String, String> environment() {
        return Map.of(
                "SOURCE", "sqs",
                "SQS_QUEUE_URL", url,
                "AWS_ENDPOINT_URL_SQS", endpoint,
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "SQS_LONGEST_POLL_SECONDS", "2");
    }

    /** Pods whose Secret names this queue. */
    public Pods pods(Path folder, Map<String, String> overrides) {
        Map<String, String> all = new HashMap<>(environment());
        all.putAll(overrides);
        all.put("CLAIMANT_MANAGEMENT_PORT", "0"); // pods have a network each, processes share one
        return new Pods(Map.of("hello-queue", Map.of("url", url)), all, folder);
    }
}
