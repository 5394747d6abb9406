package dev.claimant.contract;

import dev.claimant.spi.Capabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What came of each rule for one source: a line each in {@code target/contract/<name>.tsv}, for the capability matrix. Thread-safe. */
final class Results {

    static final Path DIRECTORY = Path.of("target", "contract");

    private final String name;
    private final Capabilities capabilities;
    private final Map<String, String> lines = new ConcurrentHashMap<>();

    Results(String name, Capabilities capabilities) {
        this.name = name;
        this.capabilities = capabilities;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    void kept(RuleInfo rule) {
        put(rule, "kept", "");
    }

    void broken(RuleInfo rule) {
        put(rule, "broken", "");
    }

    void doesNotApply(RuleInfo rule, String why) {
        System.out.println(rule.id() + " does not apply to " + name + ": " + why);
        put(rule, "-", why);
    }

    private void put(RuleInfo rule, String result, String why) {
        lines.put(
                rule.id(),
                String.join("\t", "rule", rule.id(), rule.force(), rule.rule().value(), result, why));
    }

    /** Only when every rule has run: a part of the contract says nothing. */
    void write() {
        List<String> text = new ArrayList<>();
        text.add("source\t" + name);
        text.addAll(Declared.lines(capabilities));
        for (RuleInfo rule : RuleInfo.all()) {
            String line = lines.get(rule.id());
            if (line == null) {
                return;
            }
            text.add(line);
        }
        try {
            Files.createDirectories(DIRECTORY);
            Files.write(
                    DIRECTORY.resolve(name.toLowerCase(java.util.Locale.ROOT).replaceAll("\\W+", "-") + ".tsv"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
