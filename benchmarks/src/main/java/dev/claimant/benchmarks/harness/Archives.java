package dev.claimant.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An archive of class data for each contender, written by a rehearsal of its cold start. */
final class Archives implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final Processors processors;
    private final Map<String, Path> written = new HashMap<>();

    Archives(Processors processors) {
        this.processors = processors;
    }

    List<String> flags(Contender contender, List<String> flags) throws IOException, InterruptedException {
        Path archive = written.get(contender.name());
        if (archive == null) {
            archive = Files.createTempFile("bench", ".jsa");
            Files.delete(archive); // the JVM does not write over a file
            rehearse(contender, with(flags, "-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off"));
            if (!Files.exists(archive)) { // Java 17 dies of some lambdas while it writes
                throw new NoArchiveException(contender.name());
            }
            written.put(contender.name(), archive);
        }
        return with(flags, "-XX:SharedArchiveFile=" + archive);
    }

    private void rehearse(Contender contender, List<String> flags) throws IOException, InterruptedException {
        contender.fill(1);
        try (Child child =
                new Child(processors.launcher(), contender, Workload.COLD_ARCHIVE, 1, flags, LIMIT_SECONDS)) {
            child.awaitDone();
            child.end();
        }
    }

    private static List<String> with(List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return all;
    }

    @Override
    public void close() throws IOException {
        for (Path archive : written.values()) {
            Files.deleteIfExists(archive);
        }
    }
}
