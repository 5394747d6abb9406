package dev.claimant.sample.demo;

import java.io.PrintStream;
import java.time.Duration;

/** Tells how the demo is going. */
public interface Progress {

    /** Something happened that is worth a line of its own. */
    void news(String line);

    /** This is how it stands; called many times a second. */
    void show(Scene scene);

    /** A line a second, for logs and pipes. */
    static Progress lines(PrintStream out) {
        return new Progress() {
            private Duration shown = Duration.ofDays(-1);

            @Override
            public void news(String line) {
                out.println("         " + line);
            }

            @Override
            public void show(Scene scene) {
                if (scene.elapsed().minus(shown).compareTo(Duration.ofSeconds(1)) >= 0) {
                    shown = scene.elapsed();
                    out.println(scene.asLine());
                }
            }
        };
    }

    /** A block that is drawn over and over, news above it, for terminals. */
    static Progress picture(PrintStream out) {
        return new Progress() {
            private int drawn;

            @Override
            public void news(String line) {
                erase();
                out.println("  " + line);
            }

            @Override
            public void show(Scene scene) {
                erase();
                scene.asPicture().forEach(out::println);
                drawn = scene.asPicture().size();
            }

            private void erase() {
                out.print(drawn == 0 ? "" : "\033[" + drawn + "A\033[J");
                drawn = 0;
            }
        };
    }
}
