package dev.claimant.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares the engine of another core with this one's. Both run in this process, in turn, each in a class loader of its own, so that neither
 * meets a slower hour than the other. On a machine that others use, compare the processor time, which includes the sending. Arguments: the other
 * core's jar, and seconds for each row.
 */
public final class EnginePairs {

    private static final int MESSAGES = 200_000;
    private static final int WARM_UP_ROUNDS = 4;
    private static final int[] SLOTS = {16, 64, 1000};
    private static final int[] AHEAD = {-1, 16, 1000};

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What one round of one engine took for each message, in microseconds. */
    private record Round(double time, double processorTime) {}

    private EnginePairs() {}

    public static void main(String... arguments) throws Exception {
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 20;
        ToLongFunction<int[]> before = engine(new File(arguments[0]));
        ToLongFunction<int[]> now = engine(null);

        System.out.printf(
                "%5s  %7s  %12s  %12s  %6s  %14s  %14s  %6s%n",
                "slots", "ahead", "before, k/s", "now, k/s", "ratio", "before, cpu us", "now, cpu us", "ratio");
        for (int slots : SLOTS) {
            for (int ahead : AHEAD) {
                int[] run = {slots, ahead, MESSAGES};
                List<Round> rounds = new ArrayList<>();
                List<Round> roundsBefore = new ArrayList<>();
                long end = System.nanoTime() + seconds * 1_000_000_000L;
                for (int round = 0; round < WARM_UP_ROUNDS + 3 || System.nanoTime() < end; round++) {
                    boolean first = round % 2 == 0;
                    Round early = round(first ? now : before, run);
                    Round late = round(first ? before : now, run);
                    if (round >= WARM_UP_ROUNDS) {
                        rounds.add(first ? early : late);
                        roundsBefore.add(first ? late : early);
                    }
                }
                System.out.printf(
                        "%5d  %7s  %12.0f  %12.0f  %6.2f  %14.2f  %14.2f  %6.2f%n",
                        slots,
                        ahead < 0 ? "default" : ahead,
                        1e3 / median(roundsBefore, Round::time),
                        1e3 / median(rounds, Round::time),
                        medianRatio(roundsBefore, rounds, Round::time),
                        median(roundsBefore, Round::processorTime),
                        median(rounds, Round::processorTime),
                        medianRatio(roundsBefore, rounds, Round::processorTime));
            }
        }
    }

    private static Round round(ToLongFunction<int[]> engine, int[] run) {
        long before = PROCESS.getProcessCpuTime();
        long nanos = engine.applyAsLong(run);
        return new Round(nanos / 1e3 / MESSAGES, (PROCESS.getProcessCpuTime() - before) / 1e3 / MESSAGES);
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

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        return median(rounds.stream().mapToDouble(of));
    }

    /** Of the rounds in turn: each meets the same minute as its partner. */
    private static double medianRatio(List<Round> before, List<Round> now, ToDoubleFunction<Round> of) {
        return median(IntStream.range(0, now.size())
                .mapToDouble(i -> of.applyAsDouble(before.get(i)) / of.applyAsDouble(now.get(i))));
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
