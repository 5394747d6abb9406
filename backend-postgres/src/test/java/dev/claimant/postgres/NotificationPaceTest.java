package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NotificationPaceTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final NotificationPace pace = new NotificationPace("q", clock::get);

    @Test
    void theFirstCallNotifies() {
        assertThat(pace.isToNotify(pace.now())).isTrue();
    }

    @Test
    void onlyOneCallInAFewMillisecondsNotifies() {
        pace.isToNotify(pace.now());

        pass(2);
        assertThat(pace.isToNotify(pace.now())).isFalse();

        pass(1);
        assertThat(pace.isToNotify(pace.now())).isTrue();
    }

    @Test
    void whatNoCallFollowsIsOverdueAfterAWhile() {
        pace.committed();

        pass(4);
        assertThat(pace.takeOverdue()).isFalse();
        assertThat(pace.isPending()).isTrue();

        pass(1);
        assertThat(pace.takeOverdue()).isTrue();
        assertThat(pace.isPending()).isFalse();
        assertThat(pace.takeOverdue()).isFalse();
    }

    @Test
    void theOldestOneSaysWhenItIsOverdue() {
        pace.committed();
        pass(4);
        pace.committed();
        pass(1);

        assertThat(pace.takeOverdue()).isTrue();
    }

    @Test
    void aCallThatBeganAfterTheCommitsNotifiesOfThem() {
        pace.committed();
        pass(1);
        pace.notified(pace.now());

        assertThat(pace.isPending()).isFalse();
    }

    @Test
    void whatIsCommittedWhileACallNotifiesIsStillPendingWhateverWasBefore() {
        pace.committed();
        pass(1);
        long begun = pace.now();
        pass(2);
        pace.committed();
        pace.notified(begun);
        assertThat(pace.isPending()).isTrue();

        pass(2);
        assertThat(pace.takeOverdue()).isFalse();

        pass(1);
        assertThat(pace.takeOverdue()).isTrue();
    }

    @Test
    void whatIsCommittedInTheMomentInWhichACallBeginsIsStillPending() {
        pace.committed();
        pace.notified(pace.now());

        assertThat(pace.isPending()).isTrue();
    }

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
