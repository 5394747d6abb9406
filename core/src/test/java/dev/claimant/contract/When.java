package dev.claimant.contract;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Capabilities.RetryDelay;
import java.util.function.Predicate;

/** For which capabilities a rule is meant. Those that come in pairs have a rule each: that it works, and what happens without. */
enum When {
    ALWAYS("every source", c -> true),
    TIMED_LOCK("locks that end by the clock", c -> c.lock() == Lock.TIMED),
    CONNECTION_LOCK("locks that end with the connection", c -> c.lock() == Lock.CONNECTION),
    NATIVE_DELAY("retry delays kept by the source", c -> c.retryDelay() == RetryDelay.NATIVE),
    HELD_DELAY("retry delays held by the worker", c -> c.retryDelay() == RetryDelay.HELD),
    RELEASE_UNCOUNTED("releases that burn no attempt", c -> !c.releaseCounted()),
    RELEASE_COUNTED("releases that burn an attempt", Capabilities::releaseCounted),
    CRASHES_COUNTED("crashes that burn an attempt", Capabilities::crashesCounted),
    CRASHES_UNCOUNTED("crashes that burn no attempt", c -> !c.crashesCounted()),
    CONFIRMED("confirmed settlements", Capabilities::settlementConfirmed),
    UNCONFIRMED("unconfirmed settlements", c -> !c.settlementConfirmed()),
    ORDERED("order per key", c -> c.ordering() != Ordering.NONE),
    ORDERED_ACROSS("order per key across workers", c -> c.ordering() == Ordering.ACROSS_WORKERS),
    UNORDERED("no order", c -> c.ordering() == Ordering.NONE),
    SHARED("messages shared out one by one, not by key or partition", c -> c.ordering() != Ordering.PER_WORKER),
    FENCING("fencing numbers", Capabilities::fencing),
    NO_FENCING("no fencing numbers", c -> !c.fencing()),
    RESERVATION("reservations", Capabilities::reservation),
    NO_RESERVATION("no reservations", c -> !c.reservation()),
    DEAD_LETTERS("dead letters", Capabilities::deadLetters),
    MANY_CLAIMERS("more than one claiming thread", c -> c.claimers() > 1),
    NO_DEAD_LETTERS("no dead letters", c -> !c.deadLetters());

    final String what;

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above hold nothing
    private final Predicate<Capabilities> test;

    When(String what, Predicate<Capabilities> test) {
        this.what = what;
        this.test = test;
    }

    boolean holdsFor(Capabilities capabilities) {
        return test.test(capabilities);
    }
}
