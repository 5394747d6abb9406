package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HousekeepingTest {

    private static final String TABLE = "claimant.inbox";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong nanos = new AtomicLong();

    private final TestDatabase database = TestDatabase.shared();
    private final String name = "test-" + UUID.randomUUID();

    @Test
    void onceAMinuteWhatHasEndedIsRemovedAndTheRestStays() {
        Housekeeping housekeeping = new Housekeeping(database.dataSource(), TABLE, MINUTE, nanos::get);
        pass(MINUTE);
        insert("ended", "-1 second");
        insert("kept", "1 hour");
        housekeeping.runIfDue();
        assertThat(keys()).containsExactly("kept");

        insert("ended", "-1 second");
        pass(MINUTE.minusNanos(1));
        housekeeping.runIfDue();
        assertThat(keys()).containsExactly("ended", "kept");
        pass(Duration.ofNanos(1));
        housekeeping.runIfDue();
        assertThat(keys()).containsExactly("kept");
    }

    @Test
    void afterAFullThousandTheNextUseGoesOnAtOnce() {
        Housekeeping housekeeping = new Housekeeping(database.dataSource(), TABLE, MINUTE, nanos::get);
        pass(MINUTE);
        database.update(
                "INSERT INTO claimant.inbox SELECT ?, g::text, now() - interval '1 hour' FROM generate_series(1, 1500) g",
                name);
        housekeeping.runIfDue();
        housekeeping.runIfDue();
        assertThat(keys()).isEmpty();
    }

    @Test
    void ofManyJobsThatLiveForLessThanAMinuteSomeComeToIt() {
        List<Housekeeping> jobs = IntStream.range(0, 40)
                .mapToObj(i -> new Housekeeping(database.dataSource(), TABLE, MINUTE, nanos::get))
                .toList();
        pass(MINUTE.dividedBy(2));
        int came = 0;
        for (Housekeeping job : jobs) {
            insert("ended", "-1 second");
            job.runIfDue();
            came += keys().isEmpty() ? 1 : 0;
            database.update("DELETE FROM claimant.inbox WHERE name = ?", name);
        }
        assertThat(came).isBetween(1, 39);
    }

    @Test
    void aFailureIsNotTheHandlers() {
        Housekeeping housekeeping =
                new Housekeeping(database.dataSource(), "claimant.no_such_table", MINUTE, nanos::get);
        pass(MINUTE);
        assertThatCode(housekeeping::runIfDue).doesNotThrowAnyException();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> keys() {
        return database.column("SELECT key FROM claimant.inbox WHERE name = ? ORDER BY key", name);
    }

    private void insert(String key, String endsIn) {
        database.update("INSERT INTO claimant.inbox VALUES (?, ?, now() + ?::interval)", name, key, endsIn);
    }
}
