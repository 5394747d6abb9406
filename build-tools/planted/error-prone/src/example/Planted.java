package example;

import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.NullMarked;

/** Error Prone only warns of a dropped Future: that this fails shows -Werror too. */
@NullMarked
final class Planted {
    static void start(ExecutorService executor) {
        executor.submit(() -> 1);
    }
}
