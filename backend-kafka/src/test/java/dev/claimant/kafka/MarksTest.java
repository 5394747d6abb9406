package dev.claimant.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MarksTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            TreeMap<Long, Integer> marks = new TreeMap<>();
            long committed = random.nextLong(1L << 50);
            for (long offset = committed; offset < committed + Marks.SPAN; offset++) {
                if (random.nextInt(3) > 0) {
                    marks.put(offset, random.nextInt(4));
                }
            }

            String text = Marks.write(committed, marks);

            assertThat(Marks.read(committed, text)).isEqualTo(marks);
        }
    }

    @Test
    void nothingToSayIsNoText() {
        assertThat(Marks.write(7, new TreeMap<>())).isEmpty();
    }

    @Test
    void runsAreShort() {
        NavigableMap<Long, Integer> marks = new TreeMap<>(Map.of(11L, 0, 12L, 0, 13L, 0, 20L, 2));

        assertThat(Marks.write(10, marks)).isEqualTo("claimant1:1.3,6-2");
    }

    @Test
    void theWorstSpanFitsWhatABrokerTakes() {
        TreeMap<Long, Integer> alternating = new TreeMap<>();
        TreeMap<Long, Integer> tried = new TreeMap<>();
        for (long offset = 0; offset < Marks.SPAN; offset++) {
            alternating.put(offset, offset % 2 == 0 ? Marks.DONE : 1);
            tried.put(offset, 1_000);
        }

        assertThat(Marks.write(0, alternating)).hasSizeLessThanOrEqualTo(4_096);
        assertThat(Marks.write(0, tried)).hasSizeLessThanOrEqualTo(4_096);
    }

    @Test
    void somebodyElsesMetadataIsPassedOver() {
        assertThat(Marks.read(0, "bz:v2,whatever")).isEmpty();
    }
}
