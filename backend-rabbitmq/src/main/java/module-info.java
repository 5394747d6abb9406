/** Claims messages of RabbitMQ queues. */
@SuppressWarnings(
        "requires-transitive-automatic") // a claim shows the properties as the client has them, which has no module
// descriptor
module dev.claimant.rabbitmq {
    requires transitive dev.claimant;
    requires transitive com.rabbitmq.client;
    requires java.net.http;
    requires org.slf4j;
    requires static transitive org.jspecify;

    // What the client needs and, as an automatic module, cannot ask for.
    requires java.naming;
    requires java.security.sasl;

    exports dev.claimant.rabbitmq;
}
