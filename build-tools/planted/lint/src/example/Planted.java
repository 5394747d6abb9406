package example;

import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A list of what? */
@NullMarked
final class Planted {
    static int size(List words) {
        return words.size();
    }
}
