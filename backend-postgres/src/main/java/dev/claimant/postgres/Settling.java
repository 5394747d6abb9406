package dev.claimant.postgres;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Kind;
import dev.claimant.Settlement.Retry;
import dev.claimant.Verdict;
import dev.claimant.postgres.BatchEntry.Purpose;
import dev.claimant.spi.Plan;
import java.time.Duration;
import java.util.List;

/** Says which statement settles what, and with which parameters. */
final class Settling {

    private static final int REASON_LIMIT = 2_000;
    private static final int ERROR_LIMIT = 20_000;
    private static final long LONGEST_DELAY_MILLIS = Duration.ofDays(3650).toMillis();

    private final Batches batches;
    private final Statements statements;
    private final Completions completions;
    private final Script renew;
    private final Script retry;
    private final Script retryAtOnce;
    private final Script release;

    /**
     * Settles on a connection.
     *
     * @param wakesUp whether idle workers are woken for what comes back at once
     */
    Settling(SharedConnection connection, Claimer claimer, Statements statements, Plan plan, boolean wakesUp) {
        this.batches = new Batches(connection, claimer.queue(), claimer.holder(), plan.owner() == null);
        this.statements = statements;
        this.completions = new Completions(this, plan);
        this.renew = MessageStatements.renew(claimer.holder(), claimer.lockLength());
        this.retry = MessageStatements.retry(claimer.holder(), plan);
        Script releaseQuietly = MessageStatements.release(claimer.holder());
        String notify = EnqueueNotifier.notify(claimer.queue());
        this.retryAtOnce = wakesUp ? retry.andThen(notify) : retry;
        this.release = wakesUp ? releaseQuietly.andThen(notify) : releaseQuietly;
    }

    List<Verdict> renew(List<Claim> claims, Duration within) {
        List<BatchEntry> asked = claims.stream()
                .map(claim -> new BatchEntry(claim, false, Purpose.KEEP_OR_COMPLETE))
                .toList();
        return batches.ask("renew", renew, asked, within, true);
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        if (settlements.get(0).kind() == Kind.COMPLETE) {
            return completions.complete(settlements, within);
        }
        return settle(settlements, Purpose.GIVE_UP, within);
    }

    /** Of one kind, as they are. */
    List<Verdict> settle(List<? extends Settlement> settlements, Purpose purpose, Duration within) {
        List<BatchEntry> asked = settlements.stream()
                .map(settlement -> new BatchEntry(settlement.claim(), settlement.repeated(), purpose))
                .toList();
        return switch (settlements.get(0).kind()) {
            case COMPLETE -> batches.ask("complete", statements.complete(), asked, within, false);
            case RETRY -> retry(settlements, asked, within);
            case RELEASE -> batches.ask("release", release, asked, within, false);
            case DEAD_LETTER -> deadLetter(settlements, asked, within);
        };
    }

    private List<Verdict> retry(List<? extends Settlement> settlements, List<BatchEntry> asked, Duration within) {
        List<Retry> retries = settlements.stream().map(Retry.class::cast).toList();
        Column delays = Column.of("bigint", retries, r -> Math.min(r.delay().toMillis(), LONGEST_DELAY_MILLIS));
        Column reserved = Column.of("boolean", retries, Retry::reserved);
        Column errors = Column.of("text", retries, r -> Sql.storable(r.error(), REASON_LIMIT));
        boolean atOnce = retries.stream().anyMatch(r -> r.delay().isZero() && !r.reserved());
        return batches.ask("retry", atOnce ? retryAtOnce : retry, asked, within, false, delays, reserved, errors);
    }

    private List<Verdict> deadLetter(List<? extends Settlement> settlements, List<BatchEntry> asked, Duration within) {
        List<DeadLetter> letters =
                settlements.stream().map(DeadLetter.class::cast).toList();
        Column reasons = Column.of("text", letters, letter -> Sql.storable(letter.reason(), REASON_LIMIT));
        Column errors = Column.of(
                "text", letters, letter -> letter.error() == null ? null : Sql.storable(letter.error(), ERROR_LIMIT));
        return batches.ask("dead-letter", statements.deadLetter(), asked, within, false, reasons, errors);
    }
}
