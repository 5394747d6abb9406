package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.util.List;

/**
 * Where the processes of a run are: all of them anywhere, or the server on the first half of the processors and the contender on the others. A
 * server that shares its processors is the slower the more its client does; one on a machine of its own is not.
 *
 * @param launcher how a contender's command begins
 */
record Processors(String description, List<String> launcher) {

    static Processors shared() {
        return new Processors(Runtime.getRuntime().availableProcessors() + " processors", List.of());
    }

    /** Moves this process and what it starts from now on, but for contenders. */
    static Processors apart() throws IOException, InterruptedException {
        int all = Runtime.getRuntime().availableProcessors();
        if (all < 2) {
            throw new IllegalArgumentException("--apart: needs two processors, and there is one");
        }
        int first = all / 2;
        move("0-" + (first - 1));
        return new Processors(
                first + " processors for the server, " + (all - first) + " for the contender",
                List.of("taskset", "-c", first + "-" + (all - 1)));
    }

    private static void move(String processors) throws IOException, InterruptedException {
        String self = Long.toString(ProcessHandle.current().pid());
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", processors, self)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IllegalStateException("taskset could not move this process to the processors " + processors);
        }
    }
}
