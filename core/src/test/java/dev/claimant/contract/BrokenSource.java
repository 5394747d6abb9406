package dev.claimant.contract;

import dev.claimant.Backlog;
import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A source with one of its calls replaced: what a defect is made of. */
final class BrokenSource extends ForwardingSource {

    interface Opening {
        Capabilities open(Source real, Plan plan, Events events);
    }

    interface Announcing {
        void announce(Events real, List<Claim> claims, Duration finishWithin);
    }

    interface Claiming {
        List<Claim> claim(Source real, int demand, Duration wait) throws InterruptedException;
    }

    interface Renewing {
        List<Verdict> renew(Source real, List<Claim> claims, Duration within);
    }

    interface Settling {
        List<Verdict> settle(Source real, List<Settlement> settlements, Duration within);
    }

    interface Answering<T> {
        Verdict answer(T asked, Supplier<Verdict> ask);
    }

    final Source real;

    /** What all broken sources of one queue know together. */
    final Ledger ledger;

    boolean keepsLocks;
    volatile boolean isClosed;
    private volatile @Nullable Plan plan;
    private Opening opening = Source::open;
    private Claiming claiming = Source::claim;
    private Renewing renewing = Source::renew;
    private Settling settling = Source::settle;
    private Consumer<Source> stopping = Source::stopClaiming;
    private Function<Source, Backlog> counting = Source::backlog;
    private Runnable closing = super::close;

    BrokenSource(Source real, Ledger ledger) {
        super(real);
        this.real = real;
        this.ledger = ledger;
    }

    /** For a defect that needs a message of its own. */
    static List<Claim> claimNow(Source real, int demand) {
        try {
            return real.claim(demand, Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean isOpen() {
        return plan != null;
    }

    boolean hasOwner() {
        Plan known = plan;
        return known != null && known.owner() != null;
    }

    // ---- breaking

    void opens(Opening replacement) {
        opening = replacement;
    }

    void declares(UnaryOperator<Capabilities> lie) {
        opens((real, plan, events) -> lie.apply(real.open(plan, events)));
    }

    void announces(Announcing replacement) {
        opens((real, plan, events) -> real.open(plan, new Events() {
            @Override
            public void lost(List<Claim> claims) {
                events.lost(claims);
            }

            @Override
            public void endangered(List<Claim> claims, Duration finishWithin) {
                replacement.announce(events, claims, finishWithin);
            }

            @Override
            public void wake() {
                events.wake();
            }
        }));
    }

    void claims(Claiming replacement) {
        claiming = replacement;
    }

    void alters(UnaryOperator<Claim> alteration) {
        claims((real, demand, wait) ->
                real.claim(demand, wait).stream().map(alteration).toList());
    }

    void renews(Renewing replacement) {
        renewing = replacement;
    }

    /** The supplier asks the real source. */
    void renewsEach(Answering<Claim> replacement) {
        renews((real, claims, within) -> answerEach(
                claims,
                claim -> replacement.answer(
                        claim, () -> real.renew(List.of(claim), within).get(0))));
    }

    void settles(Settling replacement) {
        settling = replacement;
    }

    void settlesEach(Answering<Settlement> replacement) {
        settles((real, settlements, within) -> answerEach(
                settlements,
                one -> replacement.answer(
                        one, () -> real.settle(List.of(one), within).get(0))));
    }

    private static <T> List<Verdict> answerEach(List<T> asked, Function<T, Verdict> answer) {
        return new ArrayList<>(asked.stream().map(answer).toList());
    }

    void stops(Consumer<Source> replacement) {
        stopping = replacement;
    }

    void counts(Function<Source, Backlog> replacement) {
        counting = replacement;
    }

    void closes(Consumer<Source> replacement) {
        closing = () -> replacement.accept(real);
    }

    // ---- the source

    @Override
    public Capabilities open(Plan plan, Events events) {
        this.plan = plan;
        ledger.opened(this);
        return opening.open(real, plan, events);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        List<Claim> claims = claiming.claim(real, demand, wait);
        ledger.claimed(this, claims);
        return claims;
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        List<Verdict> verdicts = renewing.renew(real, claims, within);
        ledger.renewed(claims, verdicts);
        return verdicts;
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        List<Verdict> verdicts = settling.settle(real, settlements, within);
        ledger.settled(settlements, verdicts);
        return verdicts;
    }

    @Override
    public void stopClaiming() {
        stopping.accept(real);
    }

    @Override
    public Backlog backlog() {
        return counting.apply(real);
    }

    @Override
    public void close() {
        closing.run();
        isClosed = true;
    }
}
