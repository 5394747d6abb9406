package dev.claimant.servicebusserver;

import java.util.UUID;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;

/** A refusal, as AMQP conditions and as status codes of the management node. */
final class AmqpError extends Exception {

    private static final long serialVersionUID = 1L;

    static final String LOCK_LOST = "com.microsoft:message-lock-lost";
    static final String SESSION_LOCK_LOST = "com.microsoft:session-lock-lost";
    static final String SESSION_CANNOT_BE_LOCKED = "com.microsoft:session-cannot-be-locked";
    static final String TIMEOUT = "com.microsoft:timeout";
    static final String MESSAGE_NOT_FOUND = "com.microsoft:message-not-found";
    static final String SERVER_BUSY = "com.microsoft:server-busy";
    static final String ENTITY_DISABLED = "com.microsoft:entity-disabled";
    static final String NOT_FOUND = "amqp:not-found";
    static final String UNAUTHORIZED = "amqp:unauthorized-access";
    static final String NOT_ALLOWED = "amqp:not-allowed";
    static final String NOT_IMPLEMENTED = "amqp:not-implemented";
    static final String TOO_LARGE = "amqp:link:message-size-exceeded";

    private final String condition;

    AmqpError(String condition, String description) {
        super(description);
        this.condition = condition;
    }

    static AmqpError sessionLockLost() {
        return new AmqpError(
                SESSION_LOCK_LOST, "The session lock has expired on the MessageSession. Accept a new MessageSession.");
    }

    static AmqpError lockLost(UUID token, boolean hasSessions) {
        return hasSessions
                ? sessionLockLost()
                : new AmqpError(
                        LOCK_LOST,
                        "The lock supplied is invalid. Either the lock expired, or the message has already been removed"
                                + " from the queue: " + token);
    }

    String condition() {
        return condition;
    }

    String description() {
        String message = getMessage();
        return message == null ? condition : message;
    }

    ErrorCondition errorCondition() {
        return new ErrorCondition(Symbol.valueOf(condition), description());
    }

    int status() {
        return switch (condition) {
            case LOCK_LOST, SESSION_LOCK_LOST, SESSION_CANNOT_BE_LOCKED -> 410;
            case NOT_FOUND, MESSAGE_NOT_FOUND -> 404;
            case UNAUTHORIZED -> 401;
            case SERVER_BUSY -> 503;
            case TIMEOUT -> 408;
            case NOT_ALLOWED, TOO_LARGE, ENTITY_DISABLED -> 400;
            case NOT_IMPLEMENTED -> 501;
            default -> 500;
        };
    }
}
