package dev.claimant.servicebusserver;

import org.jspecify.annotations.Nullable;

/** What the service has refused, with the reason as the SDK for Java spells it. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    Refusal(String reason, String message, @Nullable Throwable cause) {
        super(reason + ": " + message, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
