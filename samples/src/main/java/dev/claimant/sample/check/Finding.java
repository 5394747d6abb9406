package dev.claimant.sample.check;

import java.util.Comparator;

/**
 * Something that is wrong with a manifest.
 *
 * @param rule the name of the rule that the manifest breaks
 * @param remedy what to write instead
 */
record Finding(String file, int line, String rule, String problem, String remedy) {

    static final Comparator<Finding> BY_PLACE =
            Comparator.comparing(Finding::file).thenComparingInt(Finding::line).thenComparing(Finding::rule);

    static Finding at(Element element, String rule, String problem, String remedy) {
        return new Finding(element.file(), element.line(), rule, problem, remedy);
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + rule + ": " + problem + "\n    " + remedy;
    }
}
