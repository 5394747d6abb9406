package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.Complete;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One worker process as far as its source is concerned: an open source, and what it was told by it. */
final class Pod implements Events {

    final Source source;
    final List<Claim> lost = new CopyOnWriteArrayList<>();
    boolean isClosed;
    volatile Consumer<List<Claim>> whenEndangered = claims -> {};
    private final Harness harness;

    Pod(Harness harness, Source source) {
        this.harness = harness;
        this.source = source;
    }

    Capabilities open(Plan plan) {
        return source.open(plan, this);
    }

    static Plan plan(Harness harness, @Nullable String owner, boolean ordered) {
        return new Plan("contract", 8, 256, 10, null, owner, harness.reservation(), ordered, owner != null);
    }

    // ---- claims

    /** Exactly so many, however many claims it takes; more would have been too many. */
    List<Claim> claim(int count) {
        return claim(count, harness.patience());
    }

    List<Claim> claim(int count, Duration patience) {
        List<Claim> claims = new ArrayList<>();
        long giveUp = System.nanoTime() + patience.toNanos();
        do {
            long left = Math.max(0, giveUp - System.nanoTime());
            claims.addAll(claimOnce(count - claims.size(), Duration.ofNanos(left)));
        } while (claims.size() < count && System.nanoTime() < giveUp);
        assertThat(claims).as("messages claimed").hasSize(count);
        return claims;
    }

    Claim claim() {
        return claim(1).get(0);
    }

    List<Claim> claimOnce(int demand, Duration wait) {
        try {
            return source.claim(demand, wait);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupted the claim", e);
        }
    }

    void claimsNothing() {
        assertThat(claimOnce(1, harness.quiet())).as("nothing is claimable").isEmpty();
    }

    // ---- verdicts

    Verdict renew(Claim claim) {
        return renew(List.of(claim)).get(0);
    }

    List<Verdict> renew(List<Claim> claims) {
        List<Verdict> verdicts = source.renew(claims, harness.patience());
        assertThat(verdicts).as("one verdict per claim").hasSize(claims.size());
        return verdicts;
    }

    Verdict complete(Claim claim) {
        return settle(new Complete(claim));
    }

    Verdict retry(Claim claim) {
        return retry(claim, Duration.ZERO);
    }

    Verdict retry(Claim claim, Duration delay) {
        return settle(new Retry(claim, delay, "it failed"));
    }

    Verdict reserve(Claim claim) {
        return settle(new Retry(claim, Duration.ZERO, true, "it failed", false));
    }

    Verdict release(Claim claim) {
        return settle(new Release(claim));
    }

    Verdict deadLetter(Claim claim, String reason) {
        return settle(new DeadLetter(claim, reason, "a stack"));
    }

    Verdict settle(Settlement settlement) {
        return settle(List.of(settlement)).get(0);
    }

    List<Verdict> settle(List<? extends Settlement> settlements) {
        List<Verdict> verdicts = source.settle(List.copyOf(settlements), harness.patience());
        assertThat(verdicts).as("one verdict per settlement").hasSize(settlements.size());
        return verdicts;
    }

    void close() {
        isClosed = true;
        try {
            source.close();
        } catch (Exception e) {
            throw new AssertionError("close failed", e);
        }
    }

    // ---- events

    @Override
    public void lost(List<Claim> claims) {
        lost.addAll(claims);
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {
        whenEndangered.accept(claims);
    }

    @Override
    public void wake() {}
}
