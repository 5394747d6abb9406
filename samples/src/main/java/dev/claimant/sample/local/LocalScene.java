package dev.claimant.sample.local;

import dev.claimant.sample.demo.Scene;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One moment, in numbers.
 *
 * @param reading what KEDA read last
 * @param perSecond completions, lately
 */
record LocalScene(double reading, int inFlight, int workers, int max, int completed, double perSecond, Duration elapsed)
        implements Scene {

    @Override
    public String asLine() {
        return String.format(
                Locale.ROOT,
                "%6.1f s  KEDA reads %.0f  in flight %d  workers %d/%d  completed %d  %.1f/s",
                seconds(),
                reading,
                inFlight,
                workers,
                max,
                completed,
                perSecond);
    }

    @Override
    public List<String> asPicture() {
        return List.of(
                Scene.bar("workers", workers, Math.max(1, max)),
                String.format(Locale.ROOT, "  %6.1f s  KEDA reads %.0f  in flight %d", seconds(), reading, inFlight),
                String.format(Locale.ROOT, "  completed %d, %.1f per second", completed, perSecond));
    }
}
