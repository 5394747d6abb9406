package dev.claimant.sample.demo;

import dev.claimant.sample.cluster.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One moment of the greetings. */
record HelloScene(int noted, int greetings, double reading, int workers, int maxWorkers, int killed, Duration elapsed)
        implements Scene {

    static HelloScene now(
            Deployment deployment, int noted, int greetings, int maxWorkers, int killed, Duration elapsed) {
        return new HelloScene(
                noted, greetings, deployment.lastReading(), deployment.replicas(), maxWorkers, killed, elapsed);
    }

    @Override
    public String asLine() {
        return String.format(
                Locale.ROOT,
                "%5.1f s  greetings %d/%d  KEDA reads %.0f  workers %d  killed %d",
                seconds(),
                noted,
                greetings,
                reading,
                workers,
                killed);
    }

    @Override
    public List<String> asPicture() {
        return List.of(
                Scene.bar("greetings", noted, greetings),
                Scene.bar("workers", workers, maxWorkers),
                String.format(Locale.ROOT, "  %5.1f s  KEDA reads %.0f  killed %d", seconds(), reading, killed));
    }
}
