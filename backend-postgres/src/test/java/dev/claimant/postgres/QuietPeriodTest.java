package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuietPeriodTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final QuietPeriod quiet = new QuietPeriod(clock::get);

    @Test
    void whoeverComesFirstFindsItQuiet() {
        assertThat(quiet.entered()).isTrue();
    }

    @Test
    void whoeverComesRightAfterSomebodyDoesNot() {
        quiet.entered();

        pass(9);
        assertThat(quiet.entered()).isFalse();
    }

    @Test
    void itIsQuietOnlyWhenNobodyCameForAWhileHoweverLongAgoTheFirstCame() {
        quiet.entered();
        pass(9);
        quiet.entered();
        pass(9);
        assertThat(quiet.entered()).isFalse();

        pass(10);
        assertThat(quiet.entered()).isTrue();
    }

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
