package dev.claimant.sample.local;

import dev.claimant.sample.cluster.Cluster;
import dev.claimant.sample.cluster.Deployment;
import dev.claimant.sample.cluster.Pod;
import java.util.List;

/** What is scaled. Used by one thread. */
interface Workload extends AutoCloseable {

    /** Does what is due by now. */
    void tick();

    /** Every pod ever started. */
    List<Pod> pods();

    /** What KEDA read last; not a number where it could not read. */
    double lastReading();

    /** Whether there was nothing to do at the last poll, and nothing runs. */
    boolean isIdle();

    /** The most pods there were at once. */
    int peak();

    @Override
    void close();

    static Workload of(Cluster jobs) {
        return new Workload() {
            @Override
            public void tick() {
                jobs.tick();
            }

            @Override
            public List<Pod> pods() {
                return jobs.pods();
            }

            @Override
            public double lastReading() {
                return jobs.lastReading();
            }

            @Override
            public boolean isIdle() {
                return jobs.isIdle();
            }

            @Override
            public int peak() {
                return jobs.peak();
            }

            @Override
            public void close() {
                jobs.close();
            }
        };
    }

    static Workload of(Deployment workers) {
        return new Workload() {
            @Override
            public void tick() {
                workers.tick();
            }

            @Override
            public List<Pod> pods() {
                return workers.pods();
            }

            @Override
            public double lastReading() {
                return workers.lastReading();
            }

            @Override
            public boolean isIdle() {
                return workers.lastReading() == 0 && workers.pods().stream().noneMatch(Pod::isRunning);
            }

            @Override
            public int peak() {
                return workers.peak();
            }

            @Override
            public void close() {
                workers.close();
            }
        };
    }
}
