package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** User and system time of processes, from Linux's {@code /proc}; what neighbours on the machine do hardly changes it. */
public final class ProcessorTime {

    /** {@code sysconf(_SC_CLK_TCK)}, 100 on every Linux. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int FIRST_FIELD = 11;

    private ProcessorTime() {}

    /** Of the process, in microseconds. */
    static double micros(long pid) {
        return ticks(pid, 2) * MICROS_PER_TICK;
    }

    /** Of a server, in microseconds: itself, the processes that it has started, and those that have ended since. */
    public static double microsOfServer(long pid) {
        long ticks = ticks(pid, 4);
        return ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(child -> ticks(child.pid(), 4))
                        .reduce(ticks, Long::sum)
                * (double) MICROS_PER_TICK;
    }

    /** Fields 14 and 15 are the process's own, 16 and 17 those of ended children; counted behind the parenthesis that ends the name. */
    private static long ticks(long pid, int fields) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] all = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int i = 0; i < fields; i++) {
                ticks += Long.parseLong(all[FIRST_FIELD + i]);
            }
            return ticks;
        } catch (NoSuchFileException e) {
            return 0; // ended meanwhile, so its parent has its time
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
