package example;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Nothing is wrong here: what {@link #lengths} needs is checked first. */
@NullMarked
public final class Planted {
    private Planted() {}

    /**
     * Sums what is there.
     *
     * @param words may hold nulls
     * @return the number of characters
     */
    public static int lengths(List<@Nullable String> words) {
        int sum = 0;
        for (@Nullable String word : words) {
            sum += word == null ? 0 : word.length();
        }
        return sum;
    }
}
