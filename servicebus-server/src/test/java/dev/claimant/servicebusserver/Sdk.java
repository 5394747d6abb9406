package dev.claimant.servicebusserver;

/** One of Microsoft's SDKs, unmodified, as the conformance script uses it. */
interface Sdk {

    String name();

    SdkClient connect(String connectionString);
}
