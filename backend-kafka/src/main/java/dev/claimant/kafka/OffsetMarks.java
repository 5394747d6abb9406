package dev.claimant.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to know of messages at and beyond the committed offset, as text for the metadata of that commit: which are done, which a
 * worker has begun, how often the others were tried in vain and how often a worker died on them. One mark for a run of equal ones, or for
 * one message; a mark is its gap from the end of the one before, the kind, and a number, all in base 36:
 *
 * <table><caption>kinds</caption>
 * <tr><td>{@code gap.length}</td><td>done</td></tr>
 * <tr><td>{@code gap+length}</td><td>begun, never tried before</td></tr>
 * <tr><td>{@code gap-tries}</td><td>not begun, tried in vain</td></tr>
 * <tr><td>{@code gap*tries}</td><td>begun, tried in vain before</td></tr>
 * <tr><td>{@code gap~number}</td><td>not begun, waits: the second, modulo 1296, in which it is due × 36 + tries</td></tr>
 * <tr><td>{@code gap!number}, {@code gap?number}</td><td>the same two of a message on which workers died: deaths × 36 + tries</td></tr>
 * </table>
 */
final class OffsetMarks {

    /** How far beyond the first unfinished message one may be claimed: 4 characters for each stay within 4,096, a broker's default. */
    static final int MAX_SPAN = 1_000;

    /** Marks tell the times of delays that are not longer: a mark has the second without what is above 1,296 of them. */
    static final Duration LONGEST_DELAY = Duration.ofMinutes(10);

    /** What a broker takes as metadata, unless its {@code offset.metadata.max.bytes} says otherwise. */
    static final int DEFAULT_LIMIT = 4_096;

    private static final Logger log = LoggerFactory.getLogger(OffsetMarks.class);
    private static final String FORM = "claimant1:";
    private static final int CHARACTERS_EACH = 4;
    private static final int MOST = Character.MAX_RADIX - 1;
    private static final int DUE_WRAPS = Character.MAX_RADIX * Character.MAX_RADIX;

    /**
     * What is known of one message.
     *
     * @param tries that are over
     * @param deaths of workers that had begun it
     * @param due the second, on the wall clock, before which it is not tried again; 0 where it does not wait
     */
    record Mark(boolean done, boolean begun, int tries, int deaths, long due) {
        static final Mark DONE = new Mark(true, false, 0, 0, 0);
        static final Mark NEW = new Mark(false, false, 0, 0, 0);
        private static final Mark BEGUN = new Mark(false, true, 0, 0, 0);

        static Mark of(boolean begun, int tries, int deaths) {
            if (tries == 0 && deaths == 0) {
                return begun ? BEGUN : NEW;
            }
            return new Mark(false, begun, tries, deaths, 0);
        }

        static Mark waiting(int tries, int deaths, long due) {
            return due == 0 ? of(false, tries, deaths) : new Mark(false, false, tries, deaths, due);
        }

        /** How the next owner of the partition must take it: a worker that had begun and did not end it has died. */
        Mark inherited() {
            return begun ? new Mark(false, false, tries + 1, deaths + 1, 0) : this;
        }

        /** Whether there is nothing to say of it. */
        boolean isNew() {
            return !done && !begun && tries == 0 && deaths == 0 && due == 0;
        }

        private boolean continues(Mark run) {
            return isRun() && done == run.done;
        }

        private boolean isRun() {
            return done || (begun && tries == 0 && deaths == 0);
        }

        private char kind(boolean whole) {
            if (isRun()) {
                return done ? '.' : '+';
            }
            if (whole && deaths > 0) {
                return begun ? '?' : '!';
            }
            return begun ? '*' : whole && due > 0 ? '~' : '-';
        }

        private long number(boolean whole) {
            long shown = Math.min(tries, MOST);
            return switch (kind(whole)) {
                case '!', '?' -> (long) Math.min(deaths, MOST) * Character.MAX_RADIX + shown;
                case '~' -> due % DUE_WRAPS * Character.MAX_RADIX + shown;
                default -> shown;
            };
        }
    }

    /** A message and what is known of it. */
    interface Marked {
        long offset();

        Mark mark();
    }

    private OffsetMarks() {}

    /** The second in which a delay that begins now is over, for a mark; 0 for a delay that is too long for one. */
    static long dueIn(Duration delay) {
        long due = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis() + delay.toMillis() + 999);
        return delay.compareTo(LONGEST_DELAY) > 0 ? 0 : due;
    }

    /** How many messages can surely be marked within this many bytes. */
    static int spanWithin(int limit) {
        return Math.max(1, Math.min(MAX_SPAN, (limit - FORM.length()) / CHARACTERS_EACH));
    }

    /**
     * The marks as text. Where it is too long, then without the workers' deaths and the times; where a broker takes less than was known when the
     * messages were claimed, without the last ones, which would be done again if we were gone.
     *
     * @param committed where the first gap begins
     * @param marked in the order of their offsets, none before the committed one
     */
    static String write(long committed, Iterable<? extends Marked> marked, int limit) {
        String text = write(committed, marked, true);
        if (text.length() > limit) {
            text = write(committed, marked, false);
        }
        return text.length() <= limit ? text : text.substring(0, Math.max(0, text.lastIndexOf(',', limit)));
    }

    private static String write(long committed, Iterable<? extends Marked> marked, boolean whole) {
        StringBuilder text = new StringBuilder();
        long at = committed;
        Mark run = Mark.NEW;
        long runLength = 0;
        for (Marked next : marked) {
            Mark mark = next.mark();
            if (runLength > 0 && (next.offset() != at + runLength || !mark.continues(run))) {
                append(text, run.kind(whole), runLength);
                at += runLength;
                runLength = 0;
            }
            if (runLength > 0) {
                runLength++;
            } else if (!mark.isNew()) {
                text.append(text.length() == 0 ? FORM : ",");
                text.append(Long.toString(next.offset() - at, Character.MAX_RADIX));
                at = next.offset();
                if (mark.isRun()) {
                    run = mark;
                    runLength = 1;
                } else {
                    append(text, mark.kind(whole), mark.number(whole));
                    at++;
                }
            }
        }
        if (runLength > 0) {
            append(text, run.kind(whole), runLength);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, char kind, long number) {
        text.append(kind).append(Long.toString(number, Character.MAX_RADIX));
    }

    /** Nothing where the metadata is somebody else's: what is done twice then is no worse than without. */
    static NavigableMap<Long, Mark> read(long committed, String metadata) {
        Map<Long, Mark> marks = new HashMap<>();
        String text = TopicTag.strip(metadata);
        if (text.startsWith(FORM)) {
            try {
                read(committed, text.substring(FORM.length()).split(",", -1), marks);
            } catch (RuntimeException e) {
                log.warn("The metadata of a committed offset cannot be read and is passed over: '{}'", metadata, e);
                marks.clear();
            }
        }
        return new TreeMap<>(marks);
    }

    private static void read(long committed, String[] texts, Map<Long, Mark> marks) {
        long at = committed;
        for (String text : texts) {
            int middle = 0;
            while (Character.isLetterOrDigit(text.charAt(middle))) {
                middle++;
            }
            at += Long.parseLong(text.substring(0, middle), Character.MAX_RADIX);
            int number = Integer.parseInt(text.substring(middle + 1), Character.MAX_RADIX);
            char kind = text.charAt(middle);
            boolean run = kind == '.' || kind == '+';
            for (int i = 0; i < (run ? number : 1); i++) {
                marks.put(at++, mark(kind, number));
            }
        }
    }

    private static Mark mark(char kind, int number) {
        return switch (kind) {
            case '.' -> Mark.DONE;
            case '+' -> Mark.BEGUN;
            case '-', '*' -> Mark.of(kind == '*', number, 0);
            case '!', '?' -> Mark.of(kind == '?', number % Character.MAX_RADIX, number / Character.MAX_RADIX);
            case '~' -> Mark.waiting(number % Character.MAX_RADIX, 0, nearest(number / Character.MAX_RADIX));
            default -> throw new IllegalArgumentException("no such kind of mark: " + kind);
        };
    }

    /** The second nearest to now of those that a mark may mean. */
    private static long nearest(int shown) {
        long earliest = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - DUE_WRAPS / 2;
        return earliest + Math.floorMod(shown - earliest, (long) DUE_WRAPS);
    }
}
