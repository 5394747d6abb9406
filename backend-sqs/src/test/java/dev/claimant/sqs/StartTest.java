package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimant.ConfigurationException;
import dev.claimant.SourceException;
import dev.claimant.spi.Capabilities;
import dev.claimant.sqs.ScriptedSqs.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What is found before the first claim. */
class StartTest {

    private final TestServer server = TestServer.main();
    private final ScriptedSqs between = new ScriptedSqs(server.endpoint());
    private TestQueue queue = new TestQueue(server, false);

    @AfterEach
    void end() {
        between.close();
        queue.close();
    }

    private Capabilities open(SqsConfig.Builder settings) {
        try (SqsSource source = SqsSource.of(settings.build())) {
            return source.open(Rig.PLAN, new Heard());
        }
    }

    private ConfigurationException refused(SqsConfig.Builder settings) {
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, () -> open(settings));
        assertThat(refused).as("a ConfigurationException").isNotNull();
        return refused;
    }

    private SqsConfig.Builder settings() {
        return Rig.settings(between.endpoint(), queue.url());
    }

    private void useQueue(int maxReceiveCount) {
        queue.close();
        queue = new TestQueue(server, false, maxReceiveCount);
    }

    @Test
    void theRedrivePolicyNamesTheDeadLetterQueue() {
        assertThat(open(settings()).deadLetters()).isTrue();
    }

    @Test
    void aQueueWithoutAPolicyKeepsNoDeadLettersUnlessTheSettingsSaySo() {
        useQueue(0);

        assertThat(open(settings()).deadLetters()).isFalse();
        assertThat(open(settings().deadLetterQueue(queue.deadUrl())).deadLetters())
                .isTrue();
    }

    @Test
    void aPolicyThatGivesUpBeforeTheWorkerIsRefusedWithBothNumbers() {
        useQueue(20); // the plan's attempts and the allowance

        assertThat(refused(settings()).problems())
                .singleElement()
                .asString()
                .contains(
                        "after 20 receives",
                        "after 10 attempts and 10 that",
                        "maxReceiveCount to 21",
                        "retry.maxAttempts");
    }

    @Test
    void aPolicyAboveTheWorkersAttemptsWillDo() {
        useQueue(21);

        assertThat(open(settings()).deadLetters()).isTrue();
    }

    @Test
    void missingQueuesAreReportedTogether() {
        String missing = queue.missing("orders");
        String missingDead = queue.missing("orders-dead");

        assertThat(refused(Rig.settings(between.endpoint(), missing).deadLetterQueue(missingDead))
                        .problems())
                .satisfiesExactly(
                        problem ->
                                assertThat(problem).contains("queue: '" + missing, "no such queue", "region eu-west-1"),
                        problem -> assertThat(problem).contains("deadLetterQueue: '" + missingDead, "no such queue"));
    }

    @Test
    void deadLettersMustBeKeptAsLongAsTheQueueKeepsMessages() {
        String arn = queue.attributes(queue.url()).get(QueueAttributeName.QUEUE_ARN);
        between.script(
                "GetQueueAttributes",
                new Answer(
                        200, "{\"Attributes\":{\"QueueArn\":\"" + arn + "\",\"MessageRetentionPeriod\":\"345600\"}}"));
        assertThat(open(settings().deadLetterQueue(queue.deadUrl())).deadLetters())
                .isTrue();
        between.scriptFor(
                "GetQueueAttributes",
                queue.deadUrl(),
                new Answer(200, "{\"Attributes\":{\"QueueArn\":\"" + arn + "\",\"MessageRetentionPeriod\":\"3600\"}}"));

        assertThat(refused(settings().deadLetterQueue(queue.deadUrl())).problems())
                .singleElement()
                .asString()
                .contains("deadLetterQueue: '" + queue.deadUrl(), "3600 s", "345600", "MessageRetentionPeriod");
    }

    @Test
    void whoMayNotReadAttributesStartsUnchecked() {
        between.script("GetQueueAttributes", Answer.error(403, "AccessDenied", "not authorized"));

        assertThat(open(settings()).deadLetters()).isFalse();
        assertThat(open(settings().deadLetterQueue(queue.deadUrl())).deadLetters())
                .isTrue();
    }

    @Test
    void expiredCredentialsNameTheActionAndTheQueueAndNoSecret() {
        between.script("GetQueueAttributes", Answer.error(403, "ExpiredToken", "The security token is expired"));

        assertThatThrownBy(() -> open(settings()))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll("sqs:GetQueueAttributes", queue.url(), "credentials are expired")
                .hasMessageNotContaining("test/");
    }

    @Test
    void aClientOfTheApplicationIsUsedAndNotClosed() {
        try (SqsAsyncClient own = server.client()) {
            assertThat(open(SqsConfig.queue(queue.url()).client(own)).deadLetters())
                    .isTrue();

            assertThat(own.getQueueAttributes(request -> request.queueUrl(queue.url()))
                            .join())
                    .isNotNull();
        }
    }

    @Test
    void aClientOfTheApplicationDoesNotRepeatAReceive() {
        between.script("ReceiveMessage", Answer.error(500, "InternalFailure", "try again"));
        try (SqsAsyncClient own = SqsAsyncClient.builder()
                        .httpClientBuilder(new HttpTransport.Builder(java.time.Duration.ofSeconds(10)))
                        .endpointOverride(java.net.URI.create(between.endpoint()))
                        .region(software.amazon.awssdk.regions.Region.EU_WEST_1)
                        .credentialsProvider(AnonymousCredentialsProvider.create())
                        .build();
                SqsSource source =
                        SqsSource.of(SqsConfig.queue(queue.url()).client(own).build())) {
            source.open(Rig.PLAN, new Heard());

            assertThatThrownBy(() -> source.claim(1, java.time.Duration.ZERO)).isInstanceOf(SourceException.class);

            assertThat(between.actions.stream().filter("ReceiveMessage"::equals))
                    .hasSize(1);
        }
    }

    @Test
    void aClientHasItsOwnEndpoint() {
        assertThat(catchThrowableOfType(
                                ConfigurationException.class,
                                () -> settings().client(queue.client()).build())
                        .problems())
                .singleElement()
                .asString()
                .startsWith("client:");
    }
}
