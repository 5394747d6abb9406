package dev.claimant.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * One worker. What is left out has the default of {@link dev.claimant.WorkerBuilder}.
 *
 * @param source name of a bean of type Source, instead of one of the sources below
 * @param postgres a queue or a table in PostgreSQL
 * @param rabbitmq a queue of RabbitMQ
 * @param sqs a queue of Amazon SQS
 * @param kafka topics of Kafka, claimed by a consumer group
 * @param servicebus a queue or a subscription of Azure Service Bus
 * @param name who this is, for histories, logs and thread names; the host's name by default
 * @param slots how many handlers run at once, 10 by default, two batches for a handler of batches
 * @param prefetch the most messages to claim ahead of free slots; by default it follows the handlers
 * @param maxUnsettled how many results may wait for the source before the worker claims no more; by default two for each slot and each message ahead
 * @param retry when failed messages come back
 * @param handlerTimeout how long one handler may run before it is interrupted; unlimited by default
 * @param drainTimeout how long a drain waits for handlers, 20s by default; less where spring.lifecycle.timeout-per-shutdown-phase leaves less
 * @param flushTimeout how long a drain then waits for open settlements, 5s by default
 * @param stuckTimeout how long a handler may ignore that it was told to stop before the worker is not alive, 5m by default
 * @param reservation how long a failed message is kept for the next pod of its Job, 15m by default
 * @param ordered whether messages with the same ordering key run one at a time, in order
 * @param batchSize the most messages of a batch, 100 by default, for a handler of batches
 * @param batchWait how long the first message of a batch waits for others, 50ms by default
 * @param managementPort port of a small HTTP server with probes, where there is no actuator
 */
record WorkerProperties(
        @Nullable String source,
        @NestedConfigurationProperty @Nullable PostgresProperties postgres,
        @NestedConfigurationProperty @Nullable RabbitMqProperties rabbitmq,
        @NestedConfigurationProperty @Nullable SqsProperties sqs,
        @NestedConfigurationProperty @Nullable KafkaProperties kafka,
        @NestedConfigurationProperty @Nullable ServiceBusProperties servicebus,
        @Nullable String name,
        @Nullable Integer slots,
        @Nullable Integer prefetch,
        @Nullable Integer maxUnsettled,
        @NestedConfigurationProperty @Nullable RetryProperties retry,
        @Nullable Duration handlerTimeout,
        @Nullable Duration drainTimeout,
        @Nullable Duration flushTimeout,
        @Nullable Duration stuckTimeout,
        @Nullable Duration reservation,
        boolean ordered,
        @Nullable Integer batchSize,
        @Nullable Duration batchWait,
        @Nullable Integer managementPort) {}
