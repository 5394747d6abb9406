package dev.claimant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** A failure as a source keeps it: short, and with every cause, however deep the stack of what failed first. */
final class StackText {

    private static final int MAX_LENGTH = 8_000;
    private static final int MAX_CAUSES = 10;
    private static final int MAX_FRAMES = 12;

    private StackText() {}

    static String of(Throwable failure) {
        StringBuilder text = new StringBuilder();
        append(text, failure);
        Throwable cause = failure.getCause();
        for (int causes = 0; cause != null && causes < MAX_CAUSES; causes++) {
            text.append("Caused by: ");
            append(text, cause);
            cause = cause.getCause();
        }
        text.setLength(Math.min(text.length(), MAX_LENGTH));
        return text.toString();
    }

    /**
     * What the handler has said: the failure itself, or what was wrapped in it on the way from another thread or through reflection; or
     * another in its place if its own code fails when it is asked what it is.
     */
    static Throwable readable(Throwable failure) {
        try {
            String unused = failure.getMessage() + of(failure);
            Throwable wrapped = failure;
            for (int i = 0; i < MAX_CAUSES && wrapped != null && isWrapper(wrapped); i++) {
                wrapped = wrapped.getCause();
            }
            return wrapped != null && saysMore(wrapped) ? wrapped : failure;
        } catch (Throwable unreadable) {
            String name = failure.getClass().getName();
            return new IllegalStateException("a " + name + " that cannot be read: it throws "
                    + unreadable.getClass().getName());
        }
    }

    /** Whether a failure comes in such from another thread, or through reflection. */
    static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof ExecutionException
                || failure instanceof InvocationTargetException
                || failure instanceof UndeclaredThrowableException;
    }

    /** Whether it is one of those by which a handler says how its message ends. */
    private static boolean saysMore(Throwable failure) {
        return failure instanceof AlreadyDone || failure instanceof RetryLater || failure instanceof PermanentFailure;
    }

    private static void append(StringBuilder text, Throwable failure) {
        String what = failure.toString();
        text.append(what, 0, Math.min(what.length(), MAX_LENGTH / MAX_CAUSES)).append('\n');
        StackTraceElement[] stack = failure.getStackTrace();
        for (int i = 0; i < Math.min(stack.length, MAX_FRAMES); i++) {
            text.append("\tat ").append(stack[i]).append('\n');
        }
        if (stack.length > MAX_FRAMES) {
            text.append("\t... ").append(stack.length - MAX_FRAMES).append(" more\n");
        }
    }
}
