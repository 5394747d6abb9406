package dev.claimant.contract;

import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A source that breaks one rule on purpose.
 *
 * @param rule the rule that it breaks
 * @param also rules that cannot be kept where this one is broken
 * @param what what it does wrong, as the end of a sentence that begins with "A source that"
 * @param on the reference that it breaks
 * @param breakage what to do to each source
 */
record Defect(
        String rule, Set<String> also, String what, Supplier<InMemoryHarness> on, Consumer<BrokenSource> breakage) {

    static final Duration IMPATIENCE = Duration.ofMillis(500);

    static Defect of(String rule, String what, Consumer<BrokenSource> breakage) {
        return new Defect(rule, Set.of(), what, InMemoryContractTest::everything, breakage);
    }

    Defect also(String... rules) {
        return new Defect(rule, Set.copyOf(List.of(rules)), what, on, breakage);
    }

    Defect on(Supplier<InMemoryHarness> reference) {
        return new Defect(rule, also, what, reference, breakage);
    }

    InMemoryHarness harness() {
        return harness(IMPATIENCE);
    }

    InMemoryHarness harness(Duration patience) {
        InMemoryHarness harness = on.get();
        Ledger ledger = new Ledger(harness);
        harness.breakSources(real -> broken(real, ledger), patience);
        return harness;
    }

    private Source broken(Source real, Ledger ledger) {
        BrokenSource source = new BrokenSource(real, ledger);
        breakage.accept(source);
        return source;
    }

    Set<String> expected() {
        Set<String> expected = new TreeSet<>(also);
        expected.add(rule);
        return expected;
    }
}
