package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimant.SourceException;
import dev.claimant.contract.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.utils.AttributeMap;

/** Where requests go, and what becomes of one that gets no answer. */
class ConnectionsTest {

    private static final String QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/orders";

    /** Sends nothing. */
    private static final class Transport implements SdkAsyncHttpClient, SdkAsyncHttpClient.Builder<Transport> {

        final List<String> hosts = new CopyOnWriteArrayList<>();

        @Override
        public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
            hosts.add(call.request().host());
            IOException notSent = new IOException("not sent");
            call.responseHandler().onError(notSent);
            return CompletableFuture.failedFuture(notSent);
        }

        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return this;
        }

        @Override
        public void close() {}
    }

    private static List<String> hosts(SqsConfig.Builder settings) {
        Transport transport = new Transport();
        SqsConfig config = settings.credentials(TestServer.credentials()).build();
        try (SqsAsyncClient client = Connections.connect(config, transport)) {
            assertThatThrownBy(() -> client.receiveMessage(request -> request.queueUrl(QUEUE))
                            .join())
                    .isInstanceOf(CompletionException.class);
        }
        return transport.hosts;
    }

    @Test
    void requestsGoToTheQueuesRegionByFipsAndDualStackEndpointsWhereAskedFor() {
        assertThat(hosts(SqsConfig.queue(QUEUE))).containsExactly("sqs.us-east-1.amazonaws.com");
        assertThat(hosts(SqsConfig.queue(QUEUE).fips())).containsExactly("sqs-fips.us-east-1.amazonaws.com");
        assertThat(hosts(SqsConfig.queue(QUEUE).dualStack())).containsExactly("sqs.us-east-1.api.aws");
        assertThat(hosts(SqsConfig.queue(QUEUE).endpoint("https://vpce-1.sqs.us-east-1.vpce.amazonaws.com")))
                .containsExactly("vpce-1.sqs.us-east-1.vpce.amazonaws.com");
    }

    /** A server that answers nothing must not collect connections: each attempt would leave one behind. */
    @Test
    void aRequestThatGetsNoAnswerEndsItsConnection() {
        TestServer server = TestServer.main();
        try (TestQueue queue = new TestQueue(server, false);
                Wire wire =
                        Wire.to(server.endpoint().getHost(), server.endpoint().getPort());
                SqsSource source = SqsSource.of(Rig.settings("http://127.0.0.1:" + wire.port(), queue.url())
                        .requestTimeout(Duration.ofSeconds(1))
                        .build())) {
            wire.mute();

            assertThatThrownBy(source::backlog)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("no answer in time");

            await().atMost(Rig.PATIENCE).until(() -> wire.connections() == 0);
        }
    }
}
