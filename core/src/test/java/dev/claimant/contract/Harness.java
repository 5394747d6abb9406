package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * All that the rules need of a backend besides its {@link Source}: one empty queue, hands that reach into the broker, and a way to let
 * time pass. Each rule gets a harness of its own and closes it. What a broker or its tests cannot do throws {@link NotApplicable} with
 * the reason; the methods with a default do.
 */
public interface Harness extends AutoCloseable {

    /** The backend and its mode: a column of the capability matrix. */
    String name();

    /** One more worker's source on the queue, not opened. The rule opens and closes it. */
    Source newSource();

    /** Puts a message at the end of the queue; returns the id that its claims will have. */
    String send(Sending message);

    /** Puts a message at the end that no handler can be given, as another application may; returns the id that its claims will have. */
    default String sendUnusable() {
        throw new NotApplicable("a handler can be given every message of this source, or the source ends it unclaimed");
    }

    /**
     * Lets this much time pass for locks, delays and reservations: moves a clock, moves what the broker has stored, or, by default, truly
     * waits. Where it waits, keep {@link #retryDelay}, {@link #reservation} and the lock's length short.
     */
    default void pass(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** What was given up, oldest first, read past the source. */
    List<DeadMessage> deadLetters();

    /** The number that KEDA's scaler reads with the shipped manifests, by a path that shares nothing with {@link Source#backlog}. */
    long scaler();

    /** The same for the further triggers of the manifests, by the trigger's name. */
    default Map<String, Long> furtherTriggers() {
        return Map.of();
    }

    /** Whether the broker's count holds what is claimed. Where it does not, KEDA takes busy workers away, which no source can mend. */
    default boolean countsClaimed() {
        return true;
    }

    /** How many connections all sources of this harness have open, as the broker sees it. */
    int connections();

    /** The clock on which a claim says how long it is locked. */
    default long nanos() {
        return System.nanoTime();
    }

    /** What this source's connections go through. */
    default Wire wire(Source source) {
        throw new NotApplicable("the harness cannot cut a connection");
    }

    /** From now on nothing gets through between this source and the broker, and neither is told. */
    default void cut(Source source) {
        wire(source).cut();
    }

    /** From now on this source's requests get through and the answers do not. */
    default void mute(Source source) {
        wire(source).mute();
    }

    /** Ends {@link #cut} and {@link #mute}; a connection that broke meanwhile may stay broken. */
    default void mend(Source source) {
        wire(source).mend();
    }

    /** Ends the connection under this source's claims such that the broker notices; the source may connect again. */
    default void disconnect(Source source) {
        throw new NotApplicable("no lock of this source ends with the connection");
    }

    /** Stops the broker and starts it again; returns when it is reachable. */
    default void restart() {
        throw new NotApplicable("the broker cannot be restarted here");
    }

    /** Has the broker announce that it will take these claims away; returns when the source's events have returned. */
    default void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        throw new NotApplicable("this source announces nothing before it takes a claim away");
    }

    /** A source that cannot be opened, for several reasons at once. */
    default Misconfigured misconfigured() {
        throw new NotApplicable("no setting of this source needs the broker to be checked");
    }

    /** What a claim's body is for what was sent; the same, unless the source makes its own body of it. */
    default byte[] bodyOf(byte[] sent) {
        return sent;
    }

    /** Whether a lock that ends by the clock outlives the connection on which it was taken. */
    default boolean locksOutliveConnections() {
        return true;
    }

    /** Whether messages have headers. */
    default boolean hasHeaders() {
        return true;
    }

    /** How long something that must happen may take. */
    default Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** How long nothing must happen before it counts as not happening; zero where the broker answers at once with all it has. */
    default Duration quiet() {
        return Duration.ZERO;
    }

    /** How many messages a crowd of workers shares in one rule. */
    default int crowd() {
        return 100;
    }

    /** How often a race is run; each costs a worker of its own. */
    default int rounds() {
        return 20;
    }

    /** How far before and after a moment the source surely keeps to it. */
    default Duration precision() {
        return Duration.ofMillis(1);
    }

    /** A retry delay that the source can keep, well above the precision. */
    default Duration retryDelay() {
        return Duration.ofMinutes(1);
    }

    /** How long a reservation lasts here, well above the precision. */
    default Duration reservation() {
        return Duration.ofMinutes(10);
    }

    @Override
    void close();
}
