package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;
import static dev.claimant.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import dev.claimant.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What must hold when everything happens at once. */
interface ConcurrencyRules {

    Duration A_MOMENT = Duration.ofMillis(1);
    int AT_LEAST = 20;

    @Rule("However many workers claim at once, each message is worked once.")
    default void must_PARALLEL_1_workersShareMessagesWithoutDuplicates(Bench bench) {
        List<String> ids = bench.send(bench.harness.crowd());
        Queue<String> done = new ConcurrentLinkedQueue<>();

        workOff(bench, Stream.generate(bench::pod).limit(4).toList(), done, ids.size());

        assertThat(done).containsExactlyInAnyOrderElementsOf(ids);
        bench.pod().claimsNothing();
    }

    @Rule(
            value = "As many threads as a source declares can claim from it at once, each message once.",
            when = When.MANY_CLAIMERS)
    default void may_PARALLEL_2_threadsOfOneWorkerShareMessagesWithoutDuplicates(Bench bench) {
        List<String> ids = bench.send(bench.harness.crowd());
        Queue<String> done = new ConcurrentLinkedQueue<>();
        Pod pod = bench.pod();

        workOff(bench, Collections.nCopies(bench.capabilities.claimers(), pod), done, ids.size());

        assertThat(done).containsExactlyInAnyOrderElementsOf(ids);
    }

    /** A thread for each of the pods; all begin together. */
    private static void workOff(Bench bench, List<Pod> pods, Queue<String> done, int all) {
        CyclicBarrier start = new CyclicBarrier(pods.size());
        List<Underway<Boolean>> threads = pods.stream()
                .map(pod -> Underway.call(() -> {
                    start.await();
                    return worksOff(bench, pod, 3, done, all);
                }))
                .toList();
        threads.forEach(thread -> thread.returns(bench.harness));
    }

    private static boolean worksOff(Bench bench, Pod pod, int demand, Queue<String> done, int all) {
        long giveUp = System.nanoTime() + bench.harness.patience().toNanos();
        while (done.size() < all && System.nanoTime() < giveUp) {
            List<Claim> claims = pod.claimOnce(demand, bench.harness.quiet());
            for (Claim claim : claims) {
                assertThat(pod.complete(claim)).isEqualTo(APPLIED);
                done.add(claim.id());
            }
            if (claims.isEmpty()) {
                LockSupport.parkNanos(A_MOMENT.toNanos());
            }
        }
        return true;
    }

    @Rule("Claims, renewals, settlements and counts may run at the same time, and none spoils another.")
    default void must_PARALLEL_3_allCallsMayRunAtTheSameTime(Bench bench) {
        int all = bench.send(bench.harness.crowd()).size();
        Pod pod = bench.pod();
        List<Claim> kept = pod.claim(5);
        Queue<String> done = new ConcurrentLinkedQueue<>();
        CountDownLatch renewed = new CountDownLatch(1);
        AtomicBoolean worked = new AtomicBoolean();
        AtomicBoolean counted = new AtomicBoolean();

        Underway<Boolean> renewing = Underway.call(() -> {
            do {
                List<Verdict> verdicts = pod.renew(kept);
                renewed.countDown();
                assertThat(verdicts).containsOnly(APPLIED);
            } while (!counted.get());
            return true;
        });
        Underway<Boolean> counting = Underway.call(() -> {
            renewed.await();
            for (int i = 0; i < AT_LEAST || !worked.get(); i++) {
                assertThat(pod.source.backlog().scaler()).isNotNegative();
            }
            return true;
        });
        try {
            Underway.call(() -> worksOff(bench, pod, 3, done, all - kept.size()))
                    .returns(bench.harness);
            worked.set(true);
            counting.returns(bench.harness);
        } finally {
            worked.set(true);
            counted.set(true);
        }
        renewing.returns(bench.harness);

        assertThat(done).hasSize(all - kept.size());
        kept.forEach(claim -> assertThat(pod.complete(claim)).isEqualTo(APPLIED));
    }

    @Rule(
            value = "A claim that waits for a message keeps no renewal, settlement or count waiting.",
            lookAt = "one connection, thread or lock for everything")
    default void must_PARALLEL_4_aWaitingClaimBlocksNothing(Bench bench) {
        bench.send("held");
        Pod pod = bench.pod();
        Claim claim = pod.claim();
        Underway.claim(pod, 1);

        assertThat(Underway.call(() -> pod.renew(claim)).returns(bench.harness)).isEqualTo(APPLIED);
        Underway.call(pod.source::backlog).returns(bench.harness);
        assertThat(Underway.call(() -> pod.complete(claim)).returns(bench.harness))
                .isEqualTo(APPLIED);
    }

    @Rule("A renewal that crosses the completion of its claim does not bring the message back.")
    default void must_PARALLEL_5_aRenewalMayCrossItsCompletion(Bench bench) {
        Pod pod = bench.pod();
        for (int i = 0; i < bench.harness.rounds(); i++) {
            bench.send("crossed");
            Claim claim = pod.claim();
            AtomicBoolean over = new AtomicBoolean();
            Underway<Boolean> renewing = Underway.call(() -> {
                boolean last;
                do {
                    last = over.get();
                    assertThat(pod.renew(claim)).isNotEqualTo(UNKNOWN);
                } while (!last);
                return true;
            });

            assertThat(pod.complete(claim)).isEqualTo(APPLIED);
            over.set(true);

            renewing.returns(bench.harness);
        }

        bench.endLocksOf(pod);
        pod.claimsNothing();
    }
}
