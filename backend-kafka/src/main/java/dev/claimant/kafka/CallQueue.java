package dev.claimant.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What other threads ask of the polling thread. Thread-safe. */
final class CallQueue {

    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    void add(Call call) {
        calls.add(call);
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /**
     * Serves all that is there, after waiting this long for a first one.
     */
    void serve(long waitNanos, Consumer<List<Call>> turn) throws InterruptedException {
        List<Call> batch = new ArrayList<>();
        InterruptedException interrupted = null;
        try {
            take(waitNanos, batch::add);
        } catch (InterruptedException e) {
            interrupted = e;
        }
        turn.accept(batch);
        if (interrupted != null) {
            throw interrupted;
        }
    }

    /** Answers what comes within this time when we have left: settled is what the group knows of, and nothing else is ours. */
    void answerAll(long waitNanos) throws InterruptedException {
        take(waitNanos, Call::isAnsweredHere);
    }

    private void take(long waitNanos, Consumer<Call> each) throws InterruptedException {
        Call first = waitNanos == 0 ? calls.poll() : calls.poll(waitNanos, TimeUnit.NANOSECONDS);
        for (Call call = first; call != null; call = calls.poll()) {
            each.accept(call);
        }
    }
}
