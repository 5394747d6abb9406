package dev.claimant.sample.cluster;

import dev.claimant.sample.keda.Activation;
import dev.claimant.sample.keda.Hpa;
import dev.claimant.sample.keda.PodTemplate;
import dev.claimant.sample.keda.Reading;
import dev.claimant.sample.keda.ScaledObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A Deployment, and what scales it: KEDA with one ScaledObject between zero and one, its HPA above. Used by one thread. */
public final class Deployment implements AutoCloseable {

    private final ScaledObject scaledObject;
    private final PodTemplate template;
    private final List<Scaler> scalers;
    private final Pods pods;
    private final Pace pace;
    private final Consumer<String> news;

    private final long createdNanos = System.nanoTime();
    private final Instant created = Instant.now();
    private final List<Pod> wanted = new ArrayList<>();
    private final List<Leaving> leaving = new ArrayList<>();
    private final List<Pod> started = new ArrayList<>();

    private Activation activation = Activation.of(created, 0);
    private Hpa hpa = Hpa.of(0);
    private List<Reading> readings = List.of();
    private Duration nextPoll = Duration.ZERO;
    private Duration nextSync = Hpa.SYNC_PERIOD;
    private int peak;

    /** A pod that was told to go, and when it will not be asked again. */
    private record Leaving(Pod pod, long killNanos) {}

    /**
     * No replica runs yet.
     *
     * @param scalers one for each trigger
     */
    public Deployment(
            ScaledObject scaledObject,
            PodTemplate template,
            List<Scaler> scalers,
            Pods pods,
            Pace pace,
            Consumer<String> news) {
        this.scaledObject = scaledObject;
        this.template = template;
        this.scalers = scalers;
        this.pods = pods;
        this.pace = pace;
        this.news = news;
    }

    /** Does what is due by now: KEDA's poll, the HPA's sync, and what the ReplicaSet does about pods. */
    public void tick() {
        Duration age = pace.there(Duration.ofNanos(System.nanoTime() - createdNanos));
        Instant now = created.plus(age);
        int replicas = wanted.size();
        if (age.compareTo(nextPoll) >= 0) {
            nextPoll = age.plus(scaledObject.pollingInterval());
            readings = read();
            activation = activation.poll(scaledObject, now, replicas, readings);
            replicas = activation.replicas();
        }
        if (age.compareTo(nextSync) >= 0) {
            nextSync = age.plus(Hpa.SYNC_PERIOD);
            hpa = hpa.sync(scaledObject, now, replicas, readings);
            replicas = hpa.replicas();
        }
        scaleTo(replicas);
        endLeaving();
    }

    private List<Reading> read() {
        List<Reading> read = new ArrayList<>();
        for (Scaler scaler : scalers) {
            try {
                read.add(scaler.read());
            } catch (IOException e) {
                news.accept("KEDA changes nothing: " + e.getMessage());
            }
        }
        return read;
    }

    private void scaleTo(int replicas) {
        wanted.removeIf(pod -> !pod.isRunning());
        while (wanted.size() > replicas) {
            Pod newest = wanted.remove(wanted.size() - 1);
            newest.terminate();
            leaving.add(new Leaving(
                    newest,
                    System.nanoTime() + template.terminationGracePeriod().toNanos()));
        }
        while (wanted.size() < replicas) {
            String name = scaledObject.scaleTarget() + "-" + (started.size() + 1);
            Pod pod = pods.start(template, name, scaledObject.scaleTarget());
            wanted.add(pod);
            started.add(pod);
        }
        peak = Math.max(peak, wanted.size());
    }

    private void endLeaving() {
        leaving.removeIf(gone -> !gone.pod.isRunning());
        leaving.stream().filter(late -> System.nanoTime() - late.killNanos >= 0).forEach(late -> late.pod.kill());
    }

    /** How many replicas there are to be. */
    public int replicas() {
        return wanted.size();
    }

    /** The most replicas there were. */
    public int peak() {
        return peak;
    }

    /** Whether it had replicas, has none, and the last of their processes has ended. */
    public boolean isAtRest() {
        return peak > 0 && wanted.isEmpty() && leaving.isEmpty();
    }

    /** What KEDA read last; not a number if its scaler failed. */
    public double lastReading() {
        return readings.stream().mapToDouble(Reading::value).findFirst().orElse(Double.NaN);
    }

    /** Every pod ever started. */
    public List<Pod> pods() {
        return List.copyOf(started);
    }

    /** Kills what still runs, and asks nobody any more. */
    @Override
    public void close() {
        started.forEach(Pod::kill);
        scalers.forEach(Scaler::close);
    }
}
