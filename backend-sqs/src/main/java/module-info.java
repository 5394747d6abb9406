/** Claims messages of Amazon SQS queues. */
@SuppressWarnings(
        "requires-transitive-automatic") // claims and settings show the SDK's types, and it has no module descriptors
module dev.claimant.sqs {
    requires transitive dev.claimant;
    requires jdk.net; // of the Apache client, which cannot say so
    requires org.reactivestreams;
    requires org.slf4j;
    requires transitive software.amazon.awssdk.services.sqs;
    requires transitive software.amazon.awssdk.auth;
    requires software.amazon.awssdk.awscore;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.http;
    requires software.amazon.awssdk.http.apache5;
    requires software.amazon.awssdk.regions;
    requires software.amazon.awssdk.utils;
    requires static transitive org.jspecify;

    exports dev.claimant.sqs;
}
