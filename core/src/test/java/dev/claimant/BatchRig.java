package dev.claimant;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A rig whose slots run a handler, each on a thread of its own: what happens to the claims is still taken step by step. */
final class BatchRig {

    static final Duration VERY_LONG = Duration.ofHours(1);

    /** A slot at work. */
    static final class Slot {
        final Execution execution;
        final Thread thread;
        volatile boolean returned;
        volatile @Nullable Throwable failure;

        Slot(Execution execution, Handler handler) {
            this.execution = execution;
            SlotThread slot = execution.thread == null ? new SlotThread() : execution.thread;
            this.thread = new Thread(
                    () -> {
                        slot.begin();
                        failure = slot.run(execution, handler);
                        returned = true;
                    },
                    "slot of " + execution.claim.id());
            thread.setDaemon(true);
        }

        Claim claim() {
            return execution.claim;
        }
    }

    final Rig rig;
    private final Handler handler;
    private final List<Slot> slots = new ArrayList<>();
    final List<List<String>> batches = new CopyOnWriteArrayList<>();

    BatchRig(int size, Duration wait, Consumer<Settings> configure, BatchHandler handler) {
        this.handler = Handler.batching(size, wait, batch -> {
            batches.add(batch.claims().stream().map(Claim::id).sorted().toList());
            handler.handle(batch);
        });
        this.rig = Rig.configured(settings -> {
            configure.accept(settings);
            settings.fit(this.handler, false, new Problems());
        });
    }

    /** Sends, claims and starts; the slots' threads run from now on. */
    void begin(String... ids) {
        rig.send(ids);
        startAll();
    }

    void startAll() {
        rig.claim();
        for (Execution next = rig.startIfAny(); next != null; next = rig.startIfAny()) {
            run(next);
        }
    }

    /** The next claim gets a slot. */
    void start() {
        run(rig.start());
    }

    private void run(Execution execution) {
        Slot slot = new Slot(execution, handler);
        slots.add(slot);
        slot.thread.start();
    }

    Slot slotOf(String id) {
        return slots.stream()
                .filter(slot -> slot.claim().id().equals(id))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** Interrupts the slots that the engine wants interrupted, and waits until each has seen it. */
    void interrupt() {
        for (SlotRequests.Interrupt due : rig.engine.slots.requests.poll().interrupts()) {
            due.thread().interrupt(due.execution());
            Thread slot = slotOf(due.execution().claim.id()).thread;
            await().until(() -> !slot.isAlive() || (!slot.isInterrupted() && slot.getState() == Thread.State.WAITING));
        }
    }

    /** Waits until these have returned, records that, and settles. */
    void returned(String... ids) {
        for (String id : ids) {
            Slot slot = slotOf(id);
            await().until(() -> slot.returned);
            rig.returned(slot.execution, slot.failure);
        }
        rig.settle();
    }
}
