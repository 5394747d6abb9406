package example;

/** No one said whether null is allowed here. */
final class Planted {
    static int length(String word) {
        return word.length();
    }
}
