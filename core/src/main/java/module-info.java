/** Workers for KEDA: the contract, the worker, the in-memory source, metrics for Micrometer. */
module dev.claimant {
    requires jdk.httpserver;
    requires org.slf4j;
    requires static jdk.unsupported; // signals; without it a shutdown hook does
    requires static transitive org.jspecify;
    requires static micrometer.core; // for dev.claimant.micrometer alone: an application that uses that requires it too

    exports dev.claimant;
    exports dev.claimant.memory;
    exports dev.claimant.micrometer;
    exports dev.claimant.spi;
}
