package dev.claimant.servicebus;

/** Text as Service Bus takes it. */
final class Texts {

    private Texts() {}

    /** Without control characters and halves of characters, and not longer than this. */
    static String clean(String text, int longest) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), longest));
        text.codePoints()
                .limit(longest)
                .map(c -> (c < 0x20 && c != '\n' && c != '\t') || (c >= 0xD800 && c <= 0xDFFF) ? '\uFFFD' : c)
                .forEach(c -> {
                    if (clean.length() + Character.charCount(c) <= longest) {
                        clean.appendCodePoint(c);
                    }
                });
        return clean.toString();
    }
}
