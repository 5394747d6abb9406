package example;

import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** A map may have no such key. */
@NullMarked
final class Planted {
    static int length(Map<String, String> words) {
        return words.get("word").length();
    }
}
