package dev.claimant.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The SDK's asynchronous requests over its blocking client: what servers may answer, how long connections live. */
class HttpTransportTest {

    private static final String BODY = "{\"QueueUrl\":\"https://here\"}";
    /** The client looks at a connection that was not used for two seconds before it uses it. */
    private static final Duration LOOKED_AT_AFTER = Duration.ofMillis(2_500);

    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n" + BODY;

    private @Nullable AnsweringServer server;
    private @Nullable SqsAsyncClient client;

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private AnsweringServer server(String answer, boolean endsConnections) {
        server = new AnsweringServer(answer, endsConnections);
        client = client("http://127.0.0.1:" + server.port());
        return server;
    }

    private static SqsAsyncClient client(String endpoint) {
        return Connections.connect(SqsConfig.queue("https://sqs.eu-west-1.amazonaws.com/123456789012/orders")
                .endpoint(endpoint)
                .requestTimeout(Duration.ofSeconds(30))
                .credentials(TestServer.credentials())
                .build());
    }

    private String ask() {
        return Objects.requireNonNull(client)
                .getQueueUrl(request -> request.queueName("orders"))
                .join()
                .queueUrl();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LENGTH,
                "HTTP/1.1 100 Continue\r\n\r\n" + LENGTH,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;why=not\r\n{\"Que\r\n16\r\nueUrl\":\"https://here\"}\r\n0\r\nTrailer: x\r\n\r\n"
            })
    void answersAreUnderstoodHoweverTheyAreFramed(String answer) {
        server(answer, false);

        assertThat(ask()).isEqualTo("https://here");
        assertThat(ask()).isEqualTo("https://here");
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnection() {
        server("HTTP/1.0 200 OK\r\n\r\n" + BODY, true);

        assertThat(ask()).isEqualTo("https://here");
        assertThat(ask()).isEqualTo("https://here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + BODY,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n"
            })
    void whatIsNoAnswerIsAFailure(String answer) {
        server(answer, true);

        assertThatThrownBy(this::ask).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void aConnectionCarriesOneRequestAfterTheOther() {
        AnsweringServer server = server(LENGTH, false);
        for (int i = 0; i < 5; i++) {
            ask();
        }

        assertThat(server.connections).hasSize(1);
        assertThat(server.requests).hasSize(5).allMatch("POST / HTTP/1.1"::equals);
    }

    @Test
    void aConnectionThatTheServerWantsToEndIsNotUsedAgain() {
        AnsweringServer server = server(LENGTH.replace("\r\n\r\n", "\r\nConnection: Close\r\n\r\n"), false);
        ask();
        ask();

        assertThat(server.connections).hasSize(2);
    }

    @Test
    void aConnectionThatTheServerHasEndedInAPauseIsNotUsedAgain() {
        AnsweringServer server = server(LENGTH, true);
        ask();
        long pauseFrom = System.nanoTime();
        await().until(() -> System.nanoTime() - pauseFrom > LOOKED_AT_AFTER.toNanos());

        assertThat(ask()).isEqualTo("https://here");
        assertThat(server.connections).hasSize(2);
    }

    @Test
    void aClientThatIsClosedEndsItsConnectionsAndWhatIsUnderWay() {
        AnsweringServer server = server("", false);
        var answer = Objects.requireNonNull(client).getQueueUrl(request -> request.queueName("orders"));
        await().until(() -> server.requests.size() == 1);

        Objects.requireNonNull(client).close();

        assertThatThrownBy(answer::join).hasRootCauseInstanceOf(IOException.class);
        await().until(() -> server.connections.get(0).isClosed());
    }

    @Test
    void aServerThatCannotBeReachedIsNamed() {
        AnsweringServer gone = server(LENGTH, false);
        gone.close();

        assertThatThrownBy(this::ask).hasMessageContaining("127.0.0.1:" + gone.port());
    }
}
