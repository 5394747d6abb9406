package dev.claimant.sample;

import java.util.ArrayList;
import java.util.List;

/** The words that follow a command, taken one by one; what is left over at the end is an error. */
public final class Arguments {

    private final List<String> left;

    /** All words after the command. */
    public Arguments(List<String> words) {
        this.left = new ArrayList<>(words);
    }

    /** Whether the flag is there. */
    public boolean flag(String name) {
        return left.removeIf(name::equals);
    }

    /** The number behind the option's name, as {@code --name 5} or {@code --name=5}. */
    public int option(String name, int least, int otherwise) {
        for (int i = 0; i < left.size(); i++) {
            if (left.get(i).startsWith(name + "=")) {
                return number(name, left.remove(i).substring(name.length() + 1), least);
            }
            if (left.get(i).equals(name)) {
                left.remove(i);
                if (i == left.size()) {
                    throw new UsageException(name + " needs a number");
                }
                return number(name, left.remove(i), least);
            }
        }
        return otherwise;
    }

    /** The text behind each occurrence of the option, as {@code -f one -f other}. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (int i = left.indexOf(name); i >= 0; i = left.indexOf(name)) {
            left.remove(i);
            if (i == left.size()) {
                throw new UsageException(name + " needs a value");
            }
            texts.add(left.remove(i));
        }
        return texts;
    }

    /** The next word, a number. */
    public int next(String name, int least, int otherwise) {
        return left.isEmpty() || left.get(0).startsWith("--") ? otherwise : number(name, left.remove(0), least);
    }

    /** The next word. */
    public String word(String choices) {
        if (left.isEmpty()) {
            throw new UsageException("a word is missing: " + choices);
        }
        return left.remove(0);
    }

    /** All words that are left, but for flags and options. */
    public List<String> words() {
        List<String> words =
                left.stream().filter(word -> !word.startsWith("--")).toList();
        left.removeAll(words);
        return words;
    }

    /**
     * Ends the reading.
     *
     * @throws UsageException if words are left
     */
    public void end() {
        if (!left.isEmpty()) {
            throw new UsageException("cannot understand " + String.join(" ", left));
        }
    }

    private static int number(String name, String text, int least) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException(name + ": " + text + " is not a whole number of at least " + least);
    }
}
