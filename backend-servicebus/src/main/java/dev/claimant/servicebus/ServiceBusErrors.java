package dev.claimant.servicebus;

import com.azure.core.amqp.exception.AmqpErrorCondition;
import com.azure.core.amqp.exception.AmqpException;
import com.azure.core.exception.HttpResponseException;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import dev.claimant.SourceException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What the SDK's failures mean: a lock that is lost, an answer that is missing, or a configuration that does not work. */
final class ServiceBusErrors {

    private static final Set<ServiceBusFailureReason> LOST = Set.of(
            ServiceBusFailureReason.MESSAGE_LOCK_LOST,
            ServiceBusFailureReason.SESSION_LOCK_LOST,
            ServiceBusFailureReason.MESSAGE_NOT_FOUND);

    private static final Set<ServiceBusFailureReason> REFUSED = Set.of(
            ServiceBusFailureReason.UNAUTHORIZED,
            ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND,
            ServiceBusFailureReason.MESSAGING_ENTITY_DISABLED);

    static final String NO_SESSIONS = "set, and the entity has none (RequiresSession is false): take the setting away";

    static final String ONLY_SESSIONS =
            "not set, and the entity hands out sessions only (RequiresSession is true): set it";

    private ServiceBusErrors() {}

    /** Whether the lock is over, or the message is gone. */
    static boolean isLost(Throwable failure) {
        ServiceBusFailureReason reason = reason(failure);
        return reason != null && LOST.contains(reason);
    }

    /** Whether Service Bus itself has said so, and the connection has not. */
    static boolean isAnswer(Throwable failure) {
        ServiceBusFailureReason reason = reason(failure);
        return reason != null
                && !ServiceBusFailureReason.SERVICE_TIMEOUT.equals(reason)
                && !ServiceBusFailureReason.SERVICE_COMMUNICATION_ERROR.equals(reason)
                && !ServiceBusFailureReason.GENERAL_ERROR.equals(reason);
    }

    /** Whether there was no token, or Service Bus does not take it. */
    static boolean isOfTheToken(Throwable failure) {
        if (isDenied(failure)) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException) { // of azure-identity, which asks for tokens over HTTP
                return true;
            }
        }
        return false;
    }

    /** Whether asking again gets the same answer: rights and names, not load and networks. */
    static boolean isRefusal(Throwable failure) {
        ServiceBusFailureReason reason = reason(failure);
        return (reason != null && REFUSED.contains(reason)) || sessionProblem(failure) != null;
    }

    static boolean isMissing(Throwable failure) {
        return ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND.equals(reason(failure));
    }

    static boolean isDenied(Throwable failure) {
        return ServiceBusFailureReason.UNAUTHORIZED.equals(reason(failure));
    }

    /** What is wrong with the setting {@code sessions}; absent for any other failure. */
    static @Nullable String sessionProblem(Throwable failure) {
        String text = String.valueOf(cause(failure).getMessage());
        if (text.contains("not require sessions")) {
            return NO_SESSIONS;
        }
        return text.contains("requires sessions") || text.contains("requires a session") ? ONLY_SESSIONS : null;
    }

    private static @Nullable ServiceBusFailureReason reason(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ServiceBusException refused) {
            return refused.getReason();
        }
        if (!(cause instanceof AmqpException amqp) || amqp.getErrorCondition() == null) {
            return null;
        }
        AmqpErrorCondition condition = amqp.getErrorCondition();
        return switch (condition) {
            case MESSAGE_LOCK_LOST -> ServiceBusFailureReason.MESSAGE_LOCK_LOST;
            case SESSION_LOCK_LOST -> ServiceBusFailureReason.SESSION_LOCK_LOST;
            case MESSAGE_NOT_FOUND -> ServiceBusFailureReason.MESSAGE_NOT_FOUND;
            case UNAUTHORIZED_ACCESS -> ServiceBusFailureReason.UNAUTHORIZED;
            case NOT_FOUND -> ServiceBusFailureReason.MESSAGING_ENTITY_NOT_FOUND;
            default -> null;
        };
    }

    /** What an operator reads. */
    static SourceException failed(String operation, ServiceBusConfig.Entity entity, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException) {
            return new SourceException("Service Bus did not answer: " + operation + " of '" + entity + "'", cause);
        }
        return new SourceException(operation + " of '" + entity + "' failed: " + describe(cause), cause);
    }

    static String describe(Throwable failure) {
        Throwable cause = cause(failure);
        String sessions = sessionProblem(cause);
        if (sessions != null) {
            return "sessions: " + sessions;
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        int context = text.indexOf(", errorContext[");
        return context < 0 ? text : text.substring(0, context);
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
