package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.memory.InMemoryQueue;
import org.junit.jupiter.api.Test;

/** A Job that claims on several threads at once. */
class JobClaimersTest {

    private final Rig job = Rig.with(InMemoryQueue.allCapabilities().with(all -> all.claimers(2)), settings -> {
        settings.slots = 2;
        settings.job = JobOptions.messages(2);
    });

    @Test
    void whatIsBeingClaimedCountsAlready() {
        job.send("a", "b", "c");
        assertThat(job.engine.demand.poll()).isEqualTo(1);
        assertThat(job.engine.demand.poll()).isEqualTo(1);
        assertThat(job.engine.demand.poll()).isZero();
        claimOne();
        assertThat(job.engine.demand.poll()).isZero();
    }

    @Test
    void theSourceIsToldToStopWhenTwoCallsBringTheLastTogether() {
        job.listeners.add(new WorkerListener() {
            @Override
            public void claimed(Claim claim) {
                if (claim.id().equals("a")) {
                    claimOne(); // as the other thread, before this one goes on
                }
            }
        });
        job.send("a", "b", "c");
        job.engine.demand.poll();
        job.engine.demand.poll();
        claimOne();
        assertThat(job.heard.claimed).extracting(Claim::id).containsExactly("a", "b");
        assertThat(job.engine.demand.isClosed()).isTrue();
        assertThat(job.asked.toldToStop).isTrue();
    }

    @Test
    void itIsNotOverWhileWhatACallBroughtIsNotHeld() {
        job.listeners.add(new WorkerListener() {
            @Override
            public void claimed(Claim claim) {
                assertThat(job.engine.isIdle()).isFalse();
            }
        });
        job.send("a", "b");
        job.claim();
        assertThat(job.heard.claimed).hasSize(2);
    }

    private void claimOne() {
        job.engine.claimLoop.claim(1);
    }
}
