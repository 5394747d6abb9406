package dev.claimant.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a registry has counted, in a form that a test can compare as a whole. */
final class Counted {

    private Counted() {}

    /** All counts that are not zero, timers' included: by the meter's name and tags, without the prefix and the source that all share. */
    static Map<String, Long> in(MeterRegistry registry) {
        Map<String, Long> counts = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            long count = countOf(meter);
            if (count > 0) {
                counts.put(nameOf(meter), count);
            }
        }
        return counts;
    }

    private static long countOf(Meter meter) {
        if (meter instanceof Timer timer) {
            return timer.count();
        }
        return meter instanceof Counter counter ? (long) counter.count() : 0;
    }

    static String nameOf(Meter meter) {
        String tags = meter.getId().getTags().stream()
                .filter(tag -> !tag.getKey().equals("source"))
                .map(Counted::text)
                .collect(Collectors.joining(" "));
        return (meter.getId().getName().replaceFirst("^claimant\\.", "") + " " + tags).strip();
    }

    private static String text(Tag tag) {
        return tag.getKey() + "=" + tag.getValue();
    }
}
