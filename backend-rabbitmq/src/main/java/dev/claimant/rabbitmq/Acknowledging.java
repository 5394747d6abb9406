package dev.claimant.rabbitmq;

import dev.claimant.Verdict;
import java.util.List;
import java.util.function.Function;

/**
 * Ends claims of one subscription: withdraws first what a settlement would make the broker push for nobody, and after the stop waits until the
 * broker has heard a completion. Thread-safe.
 *
 * @param deadLettersByBroker whether the broker keeps what is rejected
 */
record Acknowledging(
        Subscription subscription,
        Holding holding,
        CreditPolicy creditPolicy,
        Hearing hearing,
        boolean inOrder,
        boolean deadLettersByBroker) {

    /** Has the broker move it to the dead letters, as it is; false if the broker is not known to. */
    boolean deadLetterByBroker(RabbitMqClaim claim) {
        return deadLettersByBroker && holding.discard(claim) == Verdict.APPLIED;
    }

    /** Completes those of them that are still held. Once stopped, none is applied before the broker has answered. */
    List<Verdict> complete(List<RabbitMqClaim> claims, long deadline) {
        creditPolicy.beforeSettling();
        List<Verdict> verdicts = holding.complete(claims);
        creditPolicy.settled();
        if (!subscription.claiming().isStopped()) {
            return verdicts;
        }
        holding.acknowledgeAll();
        Verdict heard = heard(deadline);
        verdicts.replaceAll(verdict -> verdict == Verdict.APPLIED ? heard : verdict);
        return verdicts;
    }

    /** Sends what was completed and waits for a completion before it. */
    void finish() {
        holding.acknowledgeAll();
    }

    /** Whether a completion that was sent before has been heard; while claims go on nobody asks, since the worker would see the end. */
    Verdict completedBefore(long deadline) {
        return subscription.claiming().isStopped() ? heard(deadline) : Verdict.APPLIED;
    }

    private Verdict heard(long deadline) {
        Verdict heard = subscription.isOver() ? Verdict.LOST : hearing.ask(deadline);
        if (heard == Verdict.APPLIED) {
            subscription.leaveIfDone();
        }
        return heard;
    }

    /** Hands it back untried. */
    Verdict release(RabbitMqClaim claim) {
        return giveBack(claim, holding::release);
    }

    /** Hands it back such that the broker counts the try, where it counts at all. */
    Verdict reject(RabbitMqClaim claim) {
        return giveBack(claim, holding::reject);
    }

    private Verdict giveBack(RabbitMqClaim claim, Function<RabbitMqClaim, Verdict> command) {
        if (inOrder && subscription.claiming().isStopped()) {
            boolean ours = holding.holds(claim);
            subscription.close(); // it would come to us again; so it goes to the next in line, with our place
            return ours ? Verdict.APPLIED : Verdict.LOST;
        }
        creditPolicy.beforeSettling();
        Verdict verdict = command.apply(claim);
        creditPolicy.settled();
        return verdict;
    }
}
