package dev.claimant.contract;

import org.junit.jupiter.api.extension.ExtendWith;

/** The whole contract. A backend's test class implements it and gives the harness; every rule then runs as a test of its own. */
@ExtendWith(RuleRunner.class)
public interface SourceContract
        extends ClaimRules,
                LockRules,
                LateRules,
                EventRules,
                SettleRules,
                RetryRules,
                ReleaseRules,
                AttemptRules,
                DeadLetterRules,
                OrderRules,
                ReservationRules,
                CloseRules,
                OutageRules,
                ConcurrencyRules,
                BacklogRules {

    /** A new harness with an empty queue; once per rule. */
    Harness newHarness();
}
