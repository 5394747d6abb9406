package dev.claimant.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A source in RabbitMQ.
 *
 * @param uri address of the broker, amqp://user:password@host:5672/vhost or amqps://; by default that of spring.rabbitmq or of a service connection
 * @param queue name of the queue; the worker's name by default
 * @param classic whether the queue is a classic one; a quorum queue by default
 * @param inOrder whether one message at a time runs over all workers, in the order of the queue
 * @param declare whether missing queues are declared at start-up
 * @param longestRetry longest delay that the retry queues can keep, 1h by default
 * @param withoutRetryQueues whether the worker holds a message during its retry delay
 * @param trustRetryQueues whether retry queues are used although they cannot be checked
 * @param deadLetterQueue queue for given-up messages; the queue's name with .dead by default
 * @param withoutDeadLetters whether given-up messages are not kept
 * @param consumerTimeout after how long the broker takes an unsettled message back; zero for never
 * @param requestTimeout how long the broker may take to respond, 10s by default
 * @param largestBody longest body that is read, in bytes
 * @param management address of the management API, for an exact backlog
 * @param certificateAuthority PEM file of the authorities to trust
 * @param clientCertificate PEM file of the client's certificate
 * @param clientKey PEM file of its private key
 * @param passwordFile file that holds the password, read again at each connection
 */
record RabbitMqProperties(
        @Nullable String uri,
        @Nullable String queue,
        boolean classic,
        boolean inOrder,
        boolean declare,
        @Nullable Duration longestRetry,
        boolean withoutRetryQueues,
        boolean trustRetryQueues,
        @Nullable String deadLetterQueue,
        boolean withoutDeadLetters,
        @Nullable Duration consumerTimeout,
        @Nullable Duration requestTimeout,
        @Nullable Integer largestBody,
        @Nullable String management,
        @Nullable Path certificateAuthority,
        @Nullable Path clientCertificate,
        @Nullable Path clientKey,
        @Nullable Path passwordFile) {}
