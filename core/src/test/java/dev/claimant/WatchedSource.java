package dev.claimant;

import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Remembers what it was asked, and answers otherwise than the real source if told so. */
final class WatchedSource extends ImpatientSource {

    final List<Integer> demands = new ArrayList<>();

    /** One entry for each call. */
    final List<List<Settlement>> settleCalls = new ArrayList<>();

    boolean toldToStop;

    /** Happens while a renewal is under way. */
    Runnable beforeRenewal = () -> {};

    private volatile UnaryOperator<List<Verdict>> answer = UnaryOperator.identity();
    private @Nullable List<Claim> claims;
    private @Nullable Error failure;

    WatchedSource(Source source) {
        super(source);
    }

    /** From now on settlements are applied, and this is what the worker hears instead. */
    void answerSettlements(UnaryOperator<List<Verdict>> answer) {
        this.answer = answer;
    }

    /** The next claim brings these. */
    void answerClaim(List<Claim> claims) {
        this.claims = claims;
    }

    /** The next claim fails with this. */
    void failClaim(Error failure) {
        this.failure = failure;
    }

    /** The calls that settled so far, such as {@code Complete a, Complete b} and, when repeated, {@code Complete a again}. */
    List<String> settled() {
        return settleCalls.stream()
                .map(call -> String.join(
                        ", ", call.stream().map(WatchedSource::describe).toList()))
                .toList();
    }

    /** The only settlement in the last call. */
    <T extends Settlement> T last(Class<T> kind) {
        List<Settlement> call = settleCalls.get(settleCalls.size() - 1);
        if (call.size() != 1) {
            throw new AssertionError("the last call carried " + call);
        }
        return kind.cast(call.get(0));
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        demands.add(demand);
        List<Claim> prepared = claims;
        claims = null;
        Error planned = failure;
        failure = null;
        if (planned != null) {
            throw planned;
        }
        return prepared != null ? prepared : super.claim(demand, wait);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        settleCalls.add(List.copyOf(settlements));
        return answer.apply(super.settle(settlements, within));
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        beforeRenewal.run();
        return super.renew(claims, within);
    }

    @Override
    public void stopClaiming() {
        toldToStop = true;
        super.stopClaiming();
    }

    private static String describe(Settlement settlement) {
        return settlement.getClass().getSimpleName() + " " + settlement.claim().id()
                + (settlement.repeated() ? " again" : "");
    }
}
