package dev.claimant;

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

    /** The failure itself, or another in its place if its own code fails when it is asked what it is. */
    static Throwable readable(Throwable failure) {
        try {
            String unused = failure.getMessage() + of(failure);
            return failure;
        } catch (Throwable unreadable) {
            String name = failure.getClass().getName();
            return new IllegalStateException("a " + name + " that cannot be read: it throws "
                    + unreadable.getClass().getName());
        }
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
