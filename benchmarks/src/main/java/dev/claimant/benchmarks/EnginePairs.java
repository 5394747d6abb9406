package dev.claimant.benchmarks;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the engine of another core with this one's. Both run in this process, in turn, each in a class loader of its own, so that neither
 * meets a slower hour than the other. Arguments: the other core's jar, and seconds for each row.
 */
public final class EnginePairs {

    private static final int MESSAGES = 200_000;
    private static final int WARM_UP_ROUNDS = 4;
    private static final int[] SLOTS = {16, 64, 1000};
    private static final int[] AHEAD = {-1, 16, 1000};

    private EnginePairs() {}

    public static void main(String... arguments) throws Exception {
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 20;
        ToLongFunction<int[]> before = engine(new File(arguments[0]));
        ToLongFunction<int[]> now = engine(null);

        System.out.printf("%5s  %7s  %12s  %12s  %6s%n", "slots", "ahead", "before, k/s", "now, k/s", "ratio");
        for (int slots : SLOTS) {
            for (int ahead : AHEAD) {
                int[] run = {slots, ahead, MESSAGES};
                List<Double> rates = new ArrayList<>();
                List<Double> ratesBefore = new ArrayList<>();
                List<Double> ratios = new ArrayList<>();
                long end = System.nanoTime() + seconds * 1_000_000_000L;
                for (int round = 0; round < WARM_UP_ROUNDS + 3 || System.nanoTime() < end; round++) {
                    boolean first = round % 2 == 0;
                    long nanosNow = first ? now.applyAsLong(run) : 0;
                    long nanosBefore = before.applyAsLong(run);
                    nanosNow = first ? nanosNow : now.applyAsLong(run);
                    if (round >= WARM_UP_ROUNDS) {
                        rates.add(MESSAGES * 1e6 / nanosNow);
                        ratesBefore.add(MESSAGES * 1e6 / nanosBefore);
                        ratios.add((double) nanosBefore / nanosNow);
                    }
                }
                System.out.printf(
                        "%5d  %7s  %12.0f  %12.0f  %6.2f%n",
                        slots, ahead < 0 ? "default" : ahead, median(ratesBefore), median(rates), median(ratios));
            }
        }
    }

    /** On the given core, else on the one that this program was started with. */
    @SuppressWarnings("unchecked")
    private static ToLongFunction<int[]> engine(@Nullable File otherCore) throws ReflectiveOperationException {
        List<URL> classPath = new ArrayList<>();
        if (otherCore != null) {
            classPath.add(url(otherCore));
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.add(url(new File(entry)));
        }
        ClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        return (ToLongFunction<int[]>) loader.loadClass("dev.claimant.benchmarks.EngineRun")
                .getDeclaredConstructor()
                .newInstance();
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(file.toString(), e);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
