package example;

import org.jspecify.annotations.NullMarked;

/** Links to {@link #nothing()}. */
@NullMarked
public final class Planted {
    private Planted() {}
}
