package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where the processes of a run are: all of them anywhere, or the server on the first half of the processors and the contender on the others. A
 * server that shares its processors is the slower the more its client does; one on a machine of its own is not.
 *
 * @param launcher what starts a contender's JVM; nothing for the JVM itself
 */
record Processors(String description, List<String> launcher) {

    private static final String ALLOWED = "Cpus_allowed_list:";

    static Processors shared() {
        return new Processors(count(Runtime.getRuntime().availableProcessors()), List.of());
    }

    /** Moves this process and all that it starts from now on, except contenders. */
    static Processors apart() throws IOException, InterruptedException {
        List<Integer> all = allowed();
        if (all.size() < 2) {
            throw new IllegalArgumentException("--apart: needs two processors, and there is one");
        }
        List<Integer> servers = all.subList(0, all.size() / 2);
        List<Integer> contenders = all.subList(all.size() / 2, all.size());
        moveTo(list(servers));
        return new Processors(
                count(servers.size()) + " for the server, " + contenders.size() + " for the contender",
                List.of("taskset", "-c", list(contenders)));
    }

    private static String count(int processors) {
        return processors == 1 ? "1 processor" : processors + " processors";
    }

    private static String list(List<Integer> processors) {
        return processors.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Their numbers, of which this process may have others than those from 0. */
    private static List<Integer> allowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED))
                .flatMap(line ->
                        Stream.of(line.substring(ALLOWED.length()).strip().split(",", -1)))
                .flatMap(range -> range(range.split("-", -1)))
                .toList();
    }

    private static Stream<Integer> range(String... ends) {
        return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                .boxed();
    }

    private static void moveTo(String processors) throws InterruptedException {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", processors, self)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (taskset.waitFor() != 0) {
                throw new IllegalArgumentException("--apart: taskset refuses the processors " + processors);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("--apart: needs the command taskset", e);
        }
    }
}
