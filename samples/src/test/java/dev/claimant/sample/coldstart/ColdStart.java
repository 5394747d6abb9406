package dev.claimant.sample.coldstart;

import dev.claimant.sample.clap.ClapTables;
import dev.claimant.sample.cluster.Image;
import dev.claimant.sample.cluster.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures what a Job's pod costs at its start, beside a program that does the least; in turn, with the same JVM flags. */
final class ColdStart {

    private static final String DATABASE = "coldstart";
    private static final String LOGIN = "postgres";
    private static final String ARCHIVE_FLAG = "-XX:SharedArchiveFile=";

    private final LocalPostgres postgres;
    private final int runs;
    private int jobs;

    private ColdStart(LocalPostgres postgres, int runs) {
        this.postgres = postgres;
        this.runs = runs;
    }

    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        int runs = args.length == 0 ? 11 : Integer.parseInt(args[0]);
        try (LocalPostgres postgres = LocalPostgres.start()) {
            postgres.createDatabase(DATABASE);
            ClapTables.migrate(postgres.superuser(DATABASE));
            ClapTables.send(postgres.superuser(DATABASE), 1, 0);
            Image.writeArchive(postgres.environment(DATABASE, LOGIN, LOGIN));
            ClapTables.send(postgres.superuser(DATABASE), 2 * runs + 2, 60);
            new ColdStart(postgres, runs).measure();
        }
    }

    private void measure() throws IOException, InterruptedException {
        System.out.println("Medians of " + runs + " runs each, in turn; " + System.getProperty("java.vm.name") + " "
                + Runtime.version() + " with " + String.join(" ", Image.JVM_FLAGS));
        Path archive = Files.createTempFile("bare", ".jsa");
        Run.toItsEnd(bare("0", "-XX:ArchiveClassesAtExit=" + archive, "-Xlog:cds=off"), bareEnvironment());
        compare("without", bare("60"), withoutArchive(job()));
        compare("with", bare("60", ARCHIVE_FLAG + archive), job());
        Files.delete(archive);
    }

    private void compare(String archive, List<String> bare, List<String> job) throws IOException, InterruptedException {
        List<Run> bareRuns = new ArrayList<>();
        List<Run> jobRuns = new ArrayList<>();
        for (int i = 0; i <= runs; i++) {
            Run first = Run.toItsClaim(bare, bareEnvironment());
            Run second = Run.toItsClaim(job, jobEnvironment());
            if (i > 0) { // the first pair finds nothing in the page cache
                bareRuns.add(first);
                jobRuns.add(second);
            }
        }
        System.out.println();
        System.out.println(String.format(
                Locale.ROOT,
                "%-26s %12s %20s %7s",
                archive + " class-data archive",
                "bare pgjdbc",
                "claimant-sample job",
                "ratio"));
        row("start to first claim, ms", Run.median(bareRuns, Run::claimMillis), Run.median(jobRuns, Run::claimMillis));
        row("processor time, ms", Run.median(bareRuns, Run::cpuMillis), Run.median(jobRuns, Run::cpuMillis));
        row("peak RSS, KiB", Run.median(bareRuns, Run::residentKib), Run.median(jobRuns, Run::residentKib));
    }

    private static void row(String what, long bare, long job) {
        System.out.println(String.format(Locale.ROOT, "%-26s %12d %20d %7.2f", what, bare, job, (double) job / bare));
    }

    private static List<String> bare(String seconds, String... moreFlags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Image.JVM_FLAGS);
        command.addAll(List.of(moreFlags));
        command.addAll(List.of("-cp", System.getProperty("bare.classpath"), BareClaim.class.getName(), seconds));
        return command;
    }

    private static List<String> job() {
        List<String> command = new ArrayList<>(Image.entrypoint());
        command.add("job");
        return command;
    }

    private static List<String> withoutArchive(List<String> command) {
        return command.stream().filter(word -> !word.startsWith(ARCHIVE_FLAG)).toList();
    }

    private Map<String, String> bareEnvironment() {
        String port = postgres.environment(DATABASE, LOGIN, LOGIN).get("PGPORT");
        return Map.of(
                "BARE_URL",
                "jdbc:postgresql://localhost:" + port + "/" + DATABASE + "?user=" + LOGIN + "&sslmode=disable");
    }

    private Map<String, String> jobEnvironment() {
        Map<String, String> environment = new HashMap<>(postgres.environment(DATABASE, LOGIN, LOGIN));
        environment.put("CLAIMANT_OWNER", "job-" + ++jobs);
        return environment;
    }
}
