package dev.claimant.contract;

/** A rule cannot be played on this source. It is said aloud and stands in the capability matrix with the reason. */
public final class NotApplicable extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String why;

    /** Says why, in a few words that end a sentence: "a row has no headers". */
    public NotApplicable(String why) {
        super(why);
        this.why = why;
    }

    String why() {
        return why;
    }
}
