package dev.claimant.kafka;

import java.util.concurrent.TimeUnit;

/** For how long a partition has been held back by its first unfinished message. Needs the lock of {@link DeliveryBuffer}. */
final class SpanWatch {

    /** A partition that is full for less is a busy one. */
    static final long WORTH_A_LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private boolean isFull;
    private long since;
    private boolean isReported;

    /** Returns whether it is to be reported, once for each time that it is held back for long. */
    boolean note(boolean full, long now) {
        if (full && !isFull) {
            since = now;
        }
        isFull = full;
        boolean isNews = full && !isReported && now - since >= WORTH_A_LINE_NANOS;
        isReported = full && (isReported || isNews);
        return isNews;
    }

    boolean isFull() {
        return isFull;
    }

    /** For how long it has been full, as last looked at; beyond all times if it is not. */
    long fullNanos(long now) {
        return isFull ? now - since : Long.MAX_VALUE;
    }
}
