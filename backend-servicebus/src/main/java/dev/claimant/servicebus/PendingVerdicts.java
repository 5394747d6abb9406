package dev.claimant.servicebus;

import dev.claimant.SourceException;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** The verdicts of one call, each with its own answer on its way. The last answer wakes the thread that waits, and no other does. */
final class PendingVerdicts {

    private final List<Answer> answers;
    private final CountDownLatch missing;
    private final Watchdog watchdog;
    private final long askedAt = System.nanoTime();
    private final long withinNanos;
    private volatile @Nullable Throwable refusal;

    /** @param count how many will be added */
    PendingVerdicts(int count, Watchdog watchdog, Duration within) {
        answers = new ArrayList<>(count);
        missing = new CountDownLatch(count);
        this.watchdog = watchdog;
        withinNanos = within.toNanos();
    }

    /** Asks, and does not wait for the answer. */
    void add(Mono<Verdict> question) {
        Answer answer = new Answer();
        answers.add(answer);
        question.subscribe(answer);
    }

    void add(Verdict known) {
        add(Mono.just(known));
    }

    /**
     * Waits for the answers, which are returned in order; those that do not come in time are UNKNOWN.
     *
     * @throws SourceException when the service refuses for a reason that stays
     */
    List<Verdict> await(String operation, ServiceBusConfig.Entity entity) {
        boolean isHalfOver = false;
        try {
            if (!isDoneBy(withinNanos / 2)) {
                isHalfOver = true;
                watchdog.halfTime(askedAt);
                if (!isDoneBy(withinNanos)) {
                    answers.forEach(BaseSubscriber::cancel); // the service may have done it all the same
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Throwable refused = refusal;
        if (refused != null) {
            throw ServiceBusErrors.failed(operation, entity, refused);
        }
        List<Verdict> verdicts = new ArrayList<>(answers.size());
        answers.forEach(answer -> verdicts.add(answer.verdict));
        if (isHalfOver && verdicts.contains(Verdict.UNKNOWN)) {
            watchdog.unanswered(askedAt);
        }
        return verdicts;
    }

    private boolean isDoneBy(long nanos) throws InterruptedException {
        return missing.await(askedAt + nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private final class Answer extends BaseSubscriber<Verdict> {

        private volatile Verdict verdict = Verdict.UNKNOWN;

        @Override
        protected void hookOnNext(Verdict answered) {
            verdict = answered;
        }

        @Override
        protected void hookOnError(Throwable failure) {
            if (ServiceBusErrors.isRefusal(failure)) {
                refusal = failure;
            }
        }

        @Override
        protected void hookFinally(SignalType end) {
            missing.countDown();
        }
    }
}
