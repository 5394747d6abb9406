package dev.claimant;

import org.jspecify.annotations.Nullable;

/**
 * How a Job went.
 *
 * @param exitCode what the process should end with: see the constants
 * @param claimed messages taken
 * @param completed done, never again
 * @param retried failed and back in the source, for anyone
 * @param reserved failed and kept for this Job's next pod
 * @param deadLettered given up
 * @param released handed back, untried or unfinished
 * @param lost ended by others: the lock was lost, or the source did not answer before it ran out
 * @param problem what was wrong with the source or the configuration; absent when nothing was
 */
public record JobResult(
        int exitCode,
        int claimed,
        int completed,
        int retried,
        int reserved,
        int deadLettered,
        int released,
        int lost,
        @Nullable String problem) {

    /** Completed, or settled cleanly as retry or dead-letter, or nothing to claim. */
    public static final int DONE = 0;
    /** The handler failed and the message is kept for this Job's next pod. */
    public static final int RESERVED = 1;
    /** The source was unreachable or a lock was lost: nothing is wrong with the message. */
    public static final int TRY_AGAIN = 75;
    /** The configuration is wrong: trying again cannot help. */
    public static final int MISCONFIGURED = 78;
    /** Told to stop before it had claimed what it was to claim, or with something handed back. */
    public static final int TERMINATED = 143;

    static JobResult failed(int exitCode, RuntimeException problem) {
        return new JobResult(exitCode, 0, 0, 0, 0, 0, 0, 0, problem.getMessage());
    }

    /** One line of JSON, for the container's termination log. */
    public String toJson() {
        return "{\"exitCode\":" + exitCode + ",\"claimed\":" + claimed + ",\"completed\":" + completed + ",\"retried\":"
                + retried + ",\"reserved\":" + reserved + ",\"deadLettered\":" + deadLettered + ",\"released\":"
                + released
                + ",\"lost\":" + lost + (problem == null ? "" : ",\"problem\":" + quoted(problem)) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || isHalfACharacter(text, i)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** UTF-8 has no form for a surrogate without its partner. */
    private static boolean isHalfACharacter(String text, int i) {
        return Character.isSurrogate(text.charAt(i))
                && Character.charCount(text.codePointAt(i)) == 1
                && (i == 0 || Character.charCount(text.codePointAt(i - 1)) == 1);
    }
}
