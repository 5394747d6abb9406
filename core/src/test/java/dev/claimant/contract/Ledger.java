package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Who was given what, and what became of it: so that a defect can do harm in the right place. Thread-safe. */
final class Ledger {

    final InMemoryHarness harness;
    private final IdentityHashMap<Claim, Entry> entries = new IdentityHashMap<>();
    private final Map<String, Claim> latest = new HashMap<>();
    /** What is on its way to some worker. */
    final List<Claim> giving = new CopyOnWriteArrayList<>();

    private int retries;
    private final List<BrokenSource> sources = new CopyOnWriteArrayList<>();

    Ledger(InMemoryHarness harness) {
        this.harness = harness;
    }

    private static final class Entry {
        final BrokenSource source;
        long heldUntil;
        final int retriesBefore;
        boolean renewed;
        boolean settled;
        boolean released;

        Entry(BrokenSource source, int retriesBefore) {
            this.source = source;
            this.retriesBefore = retriesBefore;
        }
    }

    void opened(BrokenSource source) {
        sources.add(source);
    }

    /** All that were opened so far. */
    List<BrokenSource> sources() {
        return sources;
    }

    synchronized void claimed(BrokenSource source, List<Claim> claims) {
        for (Claim claim : claims) {
            Entry entry = new Entry(source, retries);
            entry.heldUntil = endOfLock();
            entries.put(claim, entry);
            latest.put(claim.id(), claim);
        }
    }

    synchronized void renewed(List<Claim> claims, List<Verdict> verdicts) {
        for (int i = 0; i < Math.min(claims.size(), verdicts.size()); i++) {
            Entry entry = entries.get(claims.get(i));
            if (entry != null && verdicts.get(i) == Verdict.APPLIED) {
                entry.heldUntil = endOfLock();
                entry.renewed = true;
            }
        }
    }

    synchronized void settled(List<Settlement> settlements, List<Verdict> verdicts) {
        for (int i = 0; i < Math.min(settlements.size(), verdicts.size()); i++) {
            Entry entry = entries.get(settlements.get(i).claim());
            if (entry != null && verdicts.get(i) == Verdict.APPLIED) {
                entry.settled = true;
                entry.released = settlements.get(i) instanceof Release;
                retries += settlements.get(i) instanceof Retry ? 1 : 0;
            }
        }
    }

    private long endOfLock() {
        return harness.nanos() + harness.capabilities().lockLength().toNanos();
    }

    // ---- what a defect asks

    synchronized boolean isSettled(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && entry.settled;
    }

    synchronized boolean isReleased(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && entry.released;
    }

    synchronized boolean isRenewed(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && entry.renewed;
    }

    synchronized boolean retriedSince(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && retries > entry.retriesBefore;
    }

    /** Whether its time is up. */
    synchronized boolean isOver(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && harness.nanos() - entry.heldUntil >= 0;
    }

    /** Whether it was not settled and nobody was given the message since. */
    synchronized boolean isHeld(Claim claim) {
        Entry entry = entries.get(claim);
        return entry != null && !entry.settled && latest.get(claim.id()) == claim;
    }

    /** Who was given the message last. */
    synchronized @Nullable Holder holder(String id) {
        Claim claim = latest.get(id);
        Entry entry = claim == null ? null : entries.get(claim);
        return claim == null || entry == null ? null : new Holder(entry.source, claim);
    }

    record Holder(BrokenSource source, Claim claim) {

        Verdict settleAs(Settlement settlement) {
            return source.settle(List.of(Altered.settlement(settlement, claim)), Duration.ofSeconds(1))
                    .get(0);
        }
    }

    /** All that is held, in no order. */
    synchronized List<Holder> held() {
        List<Holder> held = new ArrayList<>();
        entries.forEach((claim, entry) -> {
            if (isHeld(claim)) {
                held.add(new Holder(entry.source, claim));
            }
        });
        return held;
    }
}
