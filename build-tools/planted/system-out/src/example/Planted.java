package example;

import org.jspecify.annotations.NullMarked;

/** The output belongs to the application. */
@NullMarked
final class Planted {
    static void say(String word) {
        System.out.println(word);
    }
}
