package dev.claimant.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What there is to know of messages at and beyond the committed offset, as text for the metadata of that commit: which are done, and how
 * often the others were tried in vain. {@code gap.length} for a run of done ones, {@code gap-tries} for one that was tried; gaps count
 * from the end of the one before, all in base 36.
 */
final class Marks {

    /** How far beyond the committed offset a message may be claimed: 4 characters for each stay within the 4,096 that a broker takes. */
    static final int SPAN = 1_000;

    static final int DONE = 0;
    private static final String FORM = "claimant1:";
    private static final int MOST_TRIES = Character.MAX_RADIX - 1;

    private Marks() {}

    /**
     * The marks as text.
     *
     * @param marks by offset: {@link #DONE}, or how many tries there were
     */
    static String write(long committed, NavigableMap<Long, Integer> marks) {
        StringBuilder text = new StringBuilder();
        long at = committed;
        for (Long start = marks.ceilingKey(at); start != null; start = marks.ceilingKey(at)) {
            int tries = marks.getOrDefault(start, DONE);
            long end = start + 1;
            while (tries == DONE && marks.getOrDefault(end, -1) == DONE) {
                end++;
            }
            text.append(text.length() == 0 ? FORM : ",");
            text.append(Long.toString(start - at, Character.MAX_RADIX));
            text.append(tries == DONE ? '.' : '-');
            long number = tries == DONE ? end - start : Math.min(tries, MOST_TRIES);
            text.append(Long.toString(number, Character.MAX_RADIX));
            at = end;
        }
        return text.toString();
    }

    /** Nothing where the metadata is somebody else's: what is done twice then is no worse than without. */
    static NavigableMap<Long, Integer> read(long committed, String metadata) {
        Map<Long, Integer> marks = new HashMap<>();
        if (metadata.startsWith(FORM)) {
            long at = committed;
            for (String mark : metadata.substring(FORM.length()).split(",", -1)) {
                int middle = Math.max(mark.indexOf('.'), mark.indexOf('-'));
                at += Long.parseLong(mark.substring(0, middle), Character.MAX_RADIX);
                int number = Integer.parseInt(mark.substring(middle + 1), Character.MAX_RADIX);
                boolean done = mark.charAt(middle) == '.';
                for (int i = 0; i < (done ? number : 1); i++) {
                    marks.put(at++, done ? DONE : number);
                }
            }
        }
        return new TreeMap<>(marks);
    }
}
