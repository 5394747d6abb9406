package dev.claimant;

import dev.claimant.spi.Events;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The source as the engine sees it. Calls it and takes nothing on trust: whatever it throws, an Error too, and an answer of the wrong size is no
 * answer; an interrupt that it leaves behind is dropped. What the source reports goes to the engine; before there is one, nothing is held that
 * could be lost.
 */
final class GuardedSource implements Events {

    /** What listeners are told that was tried. */
    static final String CLAIM = "claim";

    private static final String STOP = "stop claiming";

    private final Source source;
    private final PendingEvents events;
    private volatile boolean reachable = true;
    private volatile @Nullable Events engine;
    private volatile @Nullable String impairment;
    private volatile @Nullable String breakage;

    GuardedSource(Source source, PendingEvents events) {
        this.source = source;
        this.events = events;
    }

    /** Whether the last claim that was answered at all was not answered with a failure. */
    boolean isReachable() {
        return reachable;
    }

    /** The claims, or nothing at all if the source failed. */
    @Nullable List<Claim> claim(int demand, Duration wait) {
        List<Claim> answer = called(CLAIM, () -> source.claim(demand, wait));
        List<Claim> claims = answer == null ? null : withoutNulls(answer);
        reachable = claims != null;
        return claims;
    }

    /** What it gave in good order is ours, and nothing would ever end it if it were dropped. */
    private @Nullable List<Claim> withoutNulls(List<Claim> answer) {
        if (!holdsNull(answer)) {
            return answer;
        }
        failed(CLAIM, wrong("null among its claims"));
        List<Claim> claims = new ArrayList<>(answer);
        claims.removeIf(Objects::isNull);
        return claims.isEmpty() ? null : claims;
    }

    /** With the engine's lock held: this worker has got the claim before, and one message must not run twice. */
    void returnedAgain(Claim claim) {
        IllegalStateException problem = wrong("a claim that it had returned before: " + claim);
        events.add(listener -> listener.sourceFailed(CLAIM, problem));
    }

    List<Verdict> renew(List<Claim> claims, Duration within) {
        return verdicts("renew locks", claims.size(), () -> source.renew(claims, within));
    }

    List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return verdicts("settle", settlements.size(), () -> source.settle(settlements, within));
    }

    /** Returns when the source has stopped, or when its time is up: one that hangs must not hold up a drain for ever. */
    void stopClaiming(Duration within) {
        Runnable stop = () -> called(STOP, () -> {
            source.stopClaiming();
            return this;
        });
        Thread stopping = new Thread(stop, "claimant-stop");
        stopping.setDaemon(true);
        try {
            stopping.start();
        } catch (Throwable noThread) {
            stop.run();
            return;
        }
        if (!ends(stopping, within)) {
            failed(STOP, new SourceException("the source did not stop claiming within " + within, null));
        }
    }

    private static boolean ends(Thread thread, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        for (long left = within.toNanos(); thread.isAlive() && left > 0; left = deadline - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException meantForNobody) {
                // the deadline bounds this
            }
        }
        return !thread.isAlive();
    }

    private List<Verdict> verdicts(String operation, int expected, Callable<List<Verdict>> call) {
        List<Verdict> verdicts = called(operation, call);
        if (verdicts == null) {
            return Collections.nCopies(expected, Verdict.UNKNOWN);
        }
        if (verdicts.size() != expected) {
            failed(operation, wrong(verdicts.size() + " verdicts for " + expected + " claims"));
            return Collections.nCopies(expected, Verdict.UNKNOWN);
        }
        if (!holdsNull(verdicts)) {
            return verdicts;
        }
        failed(operation, wrong("null among its verdicts"));
        return verdicts.stream()
                .map(verdict -> Objects.requireNonNullElse(verdict, Verdict.UNKNOWN))
                .toList();
    }

    // ---- what the source reports

    void reportTo(Events engine) {
        this.engine = engine;
    }

    @Override
    public void lost(List<Claim> claims) {
        Events to = engine;
        if (to != null) {
            to.lost(claims);
        }
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {
        Events to = engine;
        if (to != null) {
            to.endangered(claims, finishWithin);
        }
    }

    @Override
    public void wake() {
        Events to = engine;
        if (to != null) {
            to.wake();
        }
    }

    @Override
    public void impaired(@Nullable String why) {
        impairment = why;
    }

    @Override
    public void broken(@Nullable String why) {
        breakage = why;
    }

    /** What the source says is out of order; absent if nothing. */
    @Nullable String whyImpaired() {
        return impairment;
    }

    /** Why the source says that only a new process may help; absent if it does not. */
    @Nullable String whyBroken() {
        return breakage;
    }

    // ---- calls

    /** A list may refuse to be asked whether it contains null. */
    private static boolean holdsNull(List<?> answer) {
        for (Object element : answer) {
            if (element == null) {
                return true;
            }
        }
        return false;
    }

    /** The answer, or nothing if the call failed in any way. */
    private <T> @Nullable T called(String operation, Callable<@Nullable T> call) {
        boolean interrupted = Thread.currentThread().isInterrupted();
        try {
            T answer = call.call();
            if (answer == null) {
                failed(operation, wrong("null"));
            }
            return answer;
        } catch (Exception e) {
            failed(operation, e);
        } catch (OutOfMemoryError e) {
            failed(operation, new SourceException("what was to " + operation + " does not fit the heap", e));
        } catch (Throwable e) { // a class that is missing, a defect: the next call may go well
            failed(operation, new SourceException(source.getClass().getName() + " failed: " + e, e));
        } finally {
            if (!interrupted) {
                Thread.interrupted(); // on our own threads it would be for nobody
            }
        }
        return null;
    }

    private IllegalStateException wrong(String answer) {
        return new IllegalStateException(
                "the source " + source.getClass().getName() + " has a defect: it returned " + answer);
    }

    private void failed(String operation, Exception problem) {
        events.tell(listener -> listener.sourceFailed(operation, problem));
    }
}
