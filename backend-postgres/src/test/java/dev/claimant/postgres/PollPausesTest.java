package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollPausesTest {

    private boolean notified = true;
    private NextDue.Due due = NextDue.Due.NEVER;
    private final PollPauses pauses = new PollPauses(Duration.ofMillis(250), () -> notified, () -> due);

    @Test
    void whileNotificationsComePausesGrowToEightIntervals() throws Exception {
        assertThat(next(6)).containsExactly(250L, 500L, 1000L, 2000L, 2000L, 2000L);
    }

    @Test
    void withoutNotificationsEachPauseIsOneInterval() throws Exception {
        notified = false;
        assertThat(next(3)).containsExactly(250L, 250L, 250L);
    }

    @Test
    void aConnectionThatIsLostEndsTheLongPauses() throws Exception {
        next(5);
        notified = false;
        assertThat(next(2)).containsExactly(250L, 250L);
        notified = true;
        assertThat(next(2)).containsExactly(250L, 500L);
    }

    @Test
    void whatComesBackSoonerEndsAPauseThough() throws Exception {
        next(5);
        due = new NextDue.Due(1500, 700);
        assertThat(next(1)).containsExactly(700L);
        due = new NextDue.Due(600, 700);
        assertThat(next(1)).containsExactly(600L);
        due = new NextDue.Due(3, 700);
        assertThat(next(1)).as("not below one interval").containsExactly(250L);
    }

    @Test
    void afterAMessagePausesAreShortAgain() throws Exception {
        next(5);
        pauses.begin();
        assertThat(next(2)).containsExactly(250L, 500L);
    }

    private List<Long> next(int count) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            millis.add(pauses.nextNanos() / 1_000_000);
        }
        return millis;
    }
}
