package dev.claimant.contract;

import dev.claimant.spi.Capabilities;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** A source's capabilities as lines of its results. */
final class Declared {

    private Declared() {}

    static List<String> lines(Capabilities capabilities) {
        return Arrays.stream(Capabilities.class.getRecordComponents())
                .map(part -> "capability\t" + part.getName() + "\t" + value(part, capabilities))
                .toList();
    }

    private static Object value(RecordComponent part, Capabilities capabilities) {
        try {
            return part.getAccessor().invoke(capabilities);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
