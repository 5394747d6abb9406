package dev.claimant.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A source in Azure Service Bus.
 *
 * @param queue name of the queue, by default the worker's name
 * @param topic name of the topic, instead of a queue
 * @param subscription name of the topic's subscription
 * @param sessions whether the entity hands out sessions
 * @param connectionString the namespace with a key
 * @param namespace host name of the namespace, with a bean of type TokenCredential instead of a connection string
 * @param scheduledRetries whether a queue keeps messages that failed until their delay is over, instead of the worker
 * @param webSockets whether to use AMQP over WebSockets, on port 443
 * @param emulatorAnywhere whether a connection string for the emulator may name a host that is not local
 * @param lockLength how long the entity locks a message; without the right Manage it must be set
 * @param administrationEndpoint address of the administration API, where it is not the namespace's
 * @param requestTimeout how long Service Bus may take to answer
 * @param silence after this long without a message the link is looked at
 */
record ServiceBusProperties(
        @Nullable String queue,
        @Nullable String topic,
        @Nullable String subscription,
        boolean sessions,
        @Nullable String connectionString,
        @Nullable String namespace,
        boolean scheduledRetries,
        boolean webSockets,
        boolean emulatorAnywhere,
        @Nullable Duration lockLength,
        @Nullable String administrationEndpoint,
        @Nullable Duration requestTimeout,
        @Nullable Duration silence) {}
