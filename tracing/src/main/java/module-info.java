/** Traces with OpenTelemetry, from the sender of a message to its handler. */
@SuppressWarnings("requires-transitive-automatic") // OpenTelemetry's API has no module descriptor
module dev.claimant.opentelemetry {
    requires transitive dev.claimant;
    requires transitive io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires static transitive dev.claimant.postgres; // for PostgresTracing alone
    requires static transitive org.jspecify;

    exports dev.claimant.opentelemetry;
}
