package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.kafka.OffsetMarks.Mark;
import dev.claimant.kafka.OffsetMarks.Marked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OffsetMarksTest {

    private record One(long offset, Mark mark) implements Marked {}

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            TreeMap<Long, Mark> marks = new TreeMap<>();
            long committed = random.nextLong(1L << 50);
            for (long offset = committed; offset < committed + OffsetMarks.MAX_SPAN; offset++) {
                if (random.nextInt(3) > 0) {
                    boolean done = random.nextBoolean();
                    Mark other = Mark.of(random.nextBoolean(), random.nextInt(4), random.nextInt(3));
                    marks.put(offset, done ? Mark.DONE : other);
                }
            }

            String text = write(committed, marks, Integer.MAX_VALUE);

            marks.values().removeIf(Mark.NEW::equals);
            assertThat(OffsetMarks.read(committed, text)).isEqualTo(marks);
        }
    }

    @Test
    void nothingToSayIsNoText() {
        assertThat(write(7, new TreeMap<>(), 4_096)).isEmpty();
        assertThat(write(7, new TreeMap<>(Map.of(8L, Mark.NEW)), 4_096)).isEmpty();
    }

    @Test
    void runsAreShort() {
        TreeMap<Long, Mark> marks = new TreeMap<>(Map.of(
                11L, Mark.DONE,
                12L, Mark.DONE,
                13L, Mark.DONE,
                20L, Mark.of(false, 2, 0),
                21L, Mark.of(true, 0, 0),
                22L, Mark.of(true, 0, 0),
                23L, Mark.of(true, 1, 2)));

        assertThat(write(10, marks, 4_096)).isEqualTo("claimant1:1.3,6-2,0+2,0?21");
    }

    @Test
    void theWorstSpanFitsWhatABrokerTakes() {
        for (int limit : List.of(100, 512, OffsetMarks.DEFAULT_LIMIT, 8_192)) {
            TreeMap<Long, Mark> alternating = new TreeMap<>();
            TreeMap<Long, Mark> tried = new TreeMap<>();
            TreeMap<Long, Mark> deadly = new TreeMap<>();
            for (long offset = 0; offset < OffsetMarks.spanWithin(limit); offset++) {
                alternating.put(offset, offset % 2 == 0 ? Mark.DONE : Mark.of(true, 1, 0));
                tried.put(offset, Mark.of(false, 1_000, 0));
                deadly.put(offset, Mark.of(true, 1_000, 1_000));
            }

            assertThat(write(0, alternating, limit)).hasSizeLessThanOrEqualTo(limit);
            assertThat(write(0, tried, limit)).hasSizeLessThanOrEqualTo(limit);
            assertThat(write(0, deadly, limit)).hasSizeLessThanOrEqualTo(limit);
        }
    }

    @Test
    void whatIsTooLongAllTheSameLosesItsEnd() {
        TreeMap<Long, Mark> marks = new TreeMap<>(Map.of(1L, Mark.DONE, 3L, Mark.DONE, 5L, Mark.DONE));

        assertThat(write(0, marks, 17)).isEqualTo("claimant1:1.1,1.1");
        assertThat(write(0, marks, 16)).isEqualTo("claimant1:1.1");
        assertThat(write(0, marks, 5)).isEmpty();
    }

    @Test
    void whatAWorkerHadBegunAndNotEndedIsATryThatItDiedOf() {
        assertThat(Mark.of(true, 1, 0).inherited()).isEqualTo(Mark.of(false, 2, 1));
        assertThat(Mark.of(false, 1, 0).inherited()).isEqualTo(Mark.of(false, 1, 0));
        assertThat(Mark.DONE.inherited()).isEqualTo(Mark.DONE);
    }

    /** The due time travels with the commit, so that a delay does not end because its worker did. */
    @Test
    void aMessageThatWaitsIsReadWithTheSecondInWhichItIsDue() {
        for (Duration delay : List.of(Duration.ofMillis(1), Duration.ofSeconds(9), OffsetMarks.LONGEST_DELAY)) {
            long due = OffsetMarks.dueIn(delay);
            TreeMap<Long, Mark> marks = new TreeMap<>(Map.of(3L, Mark.waiting(2, 0, due)));

            assertThat(OffsetMarks.read(0, write(0, marks, 4_096))).isEqualTo(marks);
        }
        assertThat(OffsetMarks.dueIn(OffsetMarks.LONGEST_DELAY.plusMillis(1))).isZero();
    }

    @Test
    void theTimesAreLeftOutWhereThereAreTooManyForTheMetadata() {
        TreeMap<Long, Mark> marks = new TreeMap<>();
        for (long offset = 0; offset < OffsetMarks.MAX_SPAN; offset++) {
            marks.put(offset, Mark.waiting(1, 0, OffsetMarks.dueIn(Duration.ofSeconds(9))));
        }

        String text = write(0, marks, OffsetMarks.DEFAULT_LIMIT);

        assertThat(OffsetMarks.read(0, text)).hasSize(OffsetMarks.MAX_SPAN).containsEntry(0L, Mark.of(false, 1, 0));
    }

    @Test
    void somebodyElsesMetadataIsPassedOver() {
        assertThat(OffsetMarks.read(0, "bz:v2,whatever")).isEmpty();
        assertThat(OffsetMarks.read(0, "claimant1:from the future")).isEmpty();
        assertThat(OffsetMarks.read(0, "claimant1:")).isEmpty();
    }

    private static String write(long committed, NavigableMap<Long, Mark> marks, int limit) {
        List<One> marked = marks.entrySet().stream()
                .map(entry -> new One(entry.getKey(), entry.getValue()))
                .toList();
        return OffsetMarks.write(committed, marked, limit);
    }
}
