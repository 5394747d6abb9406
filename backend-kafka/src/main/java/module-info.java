/** Claims records of Kafka topics. */
@SuppressWarnings("requires-transitive-automatic") // a claim shows the record as the client has it, which has no module
// descriptor
module dev.claimant.kafka {
    requires transitive dev.claimant;
    requires transitive kafka.clients;
    requires org.slf4j;
    requires static transitive org.jspecify;

    // What the client needs and, as an automatic module, cannot ask for.
    requires java.management;
    requires java.security.jgss;
    requires java.security.sasl;

    exports dev.claimant.kafka;
}
