package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service says when a lock ends, and not how long it is. */
@Isolated("looks at all that is logged")
class LockLengthTest {

    private static List<String> logged(Runnable work) {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(err);
        }
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("LockLength"))
                .toList();
    }

    /** The clock of the service is ten minutes off, or the setting is wrong: locks are kept as the settings say all the same. */
    @ParameterizedTest
    @ValueSource(longs = {-10, 10})
    void aLockThatEndsAtAnotherTimeIsToldOnceWithClockAndSetting(long minutes) {
        List<String> warnings = logged(() -> {
            try (Rig rig = new Rig()) {
                rig.server.advance(Duration.ofMinutes(minutes));
                rig.send("one");
                rig.send("two");
                assertThat(rig.claim(2))
                        .allMatch(claim -> ((ServiceBusClaim) claim).isWithinLock(System.nanoTime()))
                        .noneMatch(claim ->
                                ((ServiceBusClaim) claim).isWithinLock(System.nanoTime() + TestEntity.LOCK.toNanos()));
            }
        });
        assertThat(warnings).singleElement().asString().contains("'orders'", "clocks is wrong", "lockLength");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSettingThatIsTooLongOrTooShortIsTold(boolean isTooLong) {
        Duration setting = isTooLong ? TestEntity.LOCK.multipliedBy(2) : TestEntity.LOCK.dividedBy(2);
        List<String> warnings = logged(() -> {
            try (Rig rig = new Rig(settings -> settings.lockLength(setting))) {
                rig.send("one");
                rig.claim();
            }
        });
        assertThat(warnings).singleElement().asString().contains("lockLength", setting.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLockOfItsLengthIsNotTold(boolean isSet) {
        List<String> warnings = logged(() -> {
            try (Rig rig = new Rig(settings -> isSet ? settings.lockLength(TestEntity.LOCK) : settings)) {
                rig.send("one");
                rig.claim();
            }
        });
        assertThat(warnings).isEmpty();
    }
}
