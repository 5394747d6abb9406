package dev.claimant.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.claimant.SourceException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Turns what the client throws into what the worker understands. */
final class RabbitMqErrors {

    private RabbitMqErrors() {}

    /** A failed request or connection: the worker backs off and tries again. */
    static SourceException failed(String tried, String what, Exception e) {
        return new SourceException("cannot " + tried + " " + what + ": " + describe(e), e);
    }

    /** The calling thread was interrupted where the contract knows no interrupt; its flag is set again. */
    static SourceException interrupted(String tried, String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new SourceException("interrupted while trying to " + tried + " " + what, e);
    }

    /** The broker's reply where there is one, since the client wraps it in exceptions without a message. */
    static String describe(Throwable e) {
        ShutdownSignalException closed = shutdown(e);
        if (closed != null) {
            return reply(closed);
        }
        if (e instanceof TimeoutException) {
            return "no answer in time";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Whether the broker says that the queue or exchange does not exist. */
    static boolean isMissing(Exception e) {
        return replyCode(e) == AMQP.NOT_FOUND;
    }

    /** Whether the broker refuses something that will be refused again: rights, or a declaration that contradicts what exists. */
    static boolean isRefused(Exception e) {
        int code = replyCode(e);
        return code == AMQP.ACCESS_REFUSED || code == AMQP.PRECONDITION_FAILED || code == AMQP.RESOURCE_LOCKED;
    }

    /** Whether the broker refuses for want of rights. */
    static boolean isDenied(Exception e) {
        return replyCode(e) == AMQP.ACCESS_REFUSED;
    }

    private static int replyCode(Throwable e) {
        ShutdownSignalException closed = shutdown(e);
        if (closed != null && closed.getReason() instanceof AMQP.Channel.Close close) {
            return close.getReplyCode();
        }
        return closed != null && closed.getReason() instanceof AMQP.Connection.Close close ? close.getReplyCode() : 0;
    }

    private static String reply(ShutdownSignalException closed) {
        if (closed.getReason() instanceof AMQP.Channel.Close close) {
            String text = close.getReplyText();
            return text.contains("delivery acknowledgement")
                    ? text + "; say the same timeout to consumerTimeout, and the worker is told before"
                    : text;
        }
        if (closed.getReason() instanceof AMQP.Connection.Close close) {
            return close.getReplyText();
        }
        Throwable cause = closed.getCause();
        return "the connection ended" + (cause == null ? "" : ": " + cause);
    }

    private static @Nullable ShutdownSignalException shutdown(@Nullable Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException closed) {
                return closed;
            }
        }
        return null;
    }
}
