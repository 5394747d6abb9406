package dev.claimant.kafka;

/**
 * What of a partition's progress the group was told, and what it has confirmed. Commits are numbered: several may be under way. Needs the lock of
 * {@link DeliveryBuffer}.
 */
final class Said {

    private boolean dirty;
    private int said;
    private int known;

    /**
     * Nothing was said yet.
     *
     * @param dirty whether there is something to say
     */
    Said(boolean dirty) {
        this.dirty = dirty;
    }

    /** There may be something new to say. */
    void changed(boolean isNews) {
        dirty |= isNews;
    }

    /** Whether there is something that no commit says. */
    boolean isDirty() {
        return dirty;
    }

    /** A commit says all that is known; returns its number. */
    int next() {
        dirty = false;
        return ++said;
    }

    /** The group knows what this commit said, and with it what those before it said. */
    void committed(int number) {
        known = Math.max(known, number);
    }

    /** Whether the group knows all. */
    boolean isKnown() {
        return !dirty && known == said;
    }
}
