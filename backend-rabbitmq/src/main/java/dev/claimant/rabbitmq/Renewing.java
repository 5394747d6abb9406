package dev.claimant.rabbitmq;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Looks whether claims are still ours. The lock is the channel, and its end reaches the worker at once: nobody has to be asked. */
final class Renewing {

    private Renewing() {}

    static List<Verdict> renew(List<Claim> claims) {
        List<Verdict> verdicts = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            RabbitMqClaim ours = (RabbitMqClaim) claim;
            verdicts.add(ours.subscription().holds(ours) ? Verdict.APPLIED : Verdict.LOST);
        }
        return verdicts;
    }
}
