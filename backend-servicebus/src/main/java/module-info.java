/** Claims messages of Azure Service Bus queues and subscriptions. */
@SuppressWarnings("requires-transitive-automatic") // claims show the SDK's types, and reactor has no module descriptor
module dev.claimant.servicebus {
    requires transitive dev.claimant;
    requires transitive com.azure.messaging.servicebus;
    requires com.azure.core;
    requires com.azure.core.amqp;
    requires java.xml;
    requires org.reactivestreams;
    requires org.slf4j;
    requires reactor.core;
    requires static transitive org.jspecify;

    exports dev.claimant.servicebus;
}
