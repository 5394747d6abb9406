package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How real processes end. */
class TerminationTest {

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void makeTheTerminationLogWritable() throws IOException {
        log = Files.createFile(directory.resolve("termination-log"));
    }

    @ParameterizedTest
    @CsvSource({
        "0,  handler=completes",
        "1,  handler=fails owner=thumbnails-x7k2p",
        "75, source=unreachable",
        "78, order=impossible",
    })
    void aJobsProcessEndsWithTheExitCodeOfItsResult(int exitCode, String arguments) throws Exception {
        try (ChildProcess job =
                ChildProcess.start(WorkerProcess.class, ("mode=job log=" + log + " " + arguments).split(" "))) {
            assertThat(job.exitCode()).isEqualTo(exitCode);
        }
        assertThat(summary())
                .startsWith("{\"exitCode\":" + exitCode + ",")
                .endsWith("}\n")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "source=unreachable, 75: cannot open: the in-memory queue was made unreachable",
        "order=impossible,   78: ordered: true needs a source that keeps order; this one does not",
    })
    void aJobThatCannotDoItsWorkSaysWhyOnItsLog(String argument, String why) throws Exception {
        try (ChildProcess job = ChildProcess.start(WorkerProcess.class, "mode=job", "log=/nowhere", argument)) {
            job.awaitPart("The Job ends with exit code " + why);
        }
    }

    @Test
    void whereTheJdkHasNoSignalsAShutdownHookDoesTheSame() throws Exception {
        List<String> options = List.of("--limit-modules", "java.logging,jdk.httpserver,java.management");
        try (ChildProcess job = ChildProcess.start(
                options, WorkerProcess.class, "mode=job", "log=" + log, "handler=waits for a line")) {
            job.await("handling");
            job.terminate();
            job.await("DRAINING");
            job.write("go on");

            assertThat(job.exitCode()).isZero();
        }
        assertThat(summary()).startsWith("{\"exitCode\":0,\"claimed\":1,\"completed\":1,");
    }

    @Test
    void aJobToldToStopFinishesWhatItHoldsAndEndsWith0() throws Exception {
        try (ChildProcess job = job("handler=waits for a line")) {
            job.await("handling");
            job.terminate();
            job.await("DRAINING");
            job.write("go on");

            assertThat(job.exitCode()).isZero();
        }
        assertThat(summary())
                .isEqualTo(
                        "{\"exitCode\":0,\"claimed\":1,\"completed\":1,\"retried\":0,\"reserved\":0,\"deadLettered\":0,\"released\":0,\"lost\":0}\n");
    }

    @Test
    void theSourceIsClosedBeforeTheProcessEnds() throws Exception {
        for (String mode : new String[] {"job", "deployment"}) {
            try (ChildProcess process =
                    ChildProcess.start(WorkerProcess.class, "mode=" + mode, "queue=empty", "log=" + log)) {
                process.await("RUNNING");
                process.terminate();
                process.await("source closed");

                assertThat(process.exitCode()).isEqualTo(mode.equals("job") ? 143 : 0);
            }
        }
    }

    @Test
    void aSourceThatFailsToCloseChangesNothingOfTheExitCode() throws Exception {
        try (ChildProcess worker = deployment("handler=waits for a line", "close=fails")) {
            worker.await("handling");
            worker.terminate();
            worker.await("DRAINING");
            worker.write("go on");
            worker.await("source closed");
            worker.await("source failed");

            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void aJobToldToStopHandsBackWhatItCannotFinishAndEndsWith143() throws Exception {
        try (ChildProcess job = job("handler=stops when told", "drainMillis=0")) {
            job.await("handling");
            job.terminate();

            assertThat(job.exitCode()).isEqualTo(143);
            job.await("Release APPLIED");
        }
        assertThat(summary())
                .isEqualTo(
                        "{\"exitCode\":143,\"claimed\":1,\"completed\":0,\"retried\":0,\"reserved\":0,\"deadLettered\":0,\"released\":1,\"lost\":0}\n");
    }

    @Test
    void aJobWhoseHandlerNeverStopsEndsWith143AllTheSame() throws Exception {
        try (ChildProcess job = job("handler=never stops", "drainMillis=0")) {
            job.await("handling");
            job.terminate();

            assertThat(job.exitCode()).isEqualTo(143);
        }
        assertThat(summary())
                .isEqualTo(
                        "{\"exitCode\":143,\"claimed\":1,\"completed\":0,\"retried\":0,\"reserved\":0,\"deadLettered\":0,\"released\":0,\"lost\":0}\n");
    }

    @Test
    void aSecondSignalChangesNothing() throws Exception {
        try (ChildProcess job = job("handler=waits for a line")) {
            job.await("handling");
            job.terminate();
            job.await("DRAINING");
            job.terminate();
            job.write("go on");

            assertThat(job.exitCode()).isZero();
            job.await("Complete APPLIED");
        }
        assertThat(summary()).startsWith("{\"exitCode\":0,\"claimed\":1,\"completed\":1,");
    }

    @Test
    void aJobToldToStopBeforeItClaimedStopsAtOnceWith143SinceAMessageMayBeReservedForIt() throws Exception {
        try (ChildProcess job = job("queue=empty")) {
            job.await("RUNNING");
            job.terminate();

            assertThat(job.exitCode()).isEqualTo(143);
        }
        assertThat(summary()).startsWith("{\"exitCode\":143,\"claimed\":0,");
    }

    @Test
    void aHandlerThatExitsTheProcessDoesNotHangIt() throws Exception {
        try (ChildProcess job = job("handler=exits", "drainMillis=0")) {
            assertThat(job.exitCode()).isEqualTo(143);
        }
        assertThat(summary()).startsWith("{\"exitCode\":143,\"claimed\":1,\"completed\":0,");
    }

    @Test
    void anIdleDeploymentStopsAtOnceWith0() throws Exception {
        try (ChildProcess worker = deployment("queue=empty")) {
            worker.await("RUNNING");
            worker.terminate();

            assertThat(worker.exitCode()).isZero();
            worker.await("STOPPED");
        }
    }

    @Test
    void aDeploymentToldToStopFinishesWhatItHoldsAndEndsWith0() throws Exception {
        try (ChildProcess worker = deployment("handler=waits for a line")) {
            worker.await("handling");
            worker.terminate();
            worker.await("DRAINING");
            worker.write("go on");

            assertThat(worker.exitCode()).isZero();
            worker.await("Complete APPLIED");
        }
    }

    @Test
    void aDeploymentToldToStopHandsBackWhatItCannotFinishAndEndsWith143() throws Exception {
        try (ChildProcess worker = deployment("handler=stops when told", "drainMillis=0")) {
            worker.await("handling");
            worker.terminate();

            assertThat(worker.exitCode()).isEqualTo(143);
            worker.await("Release APPLIED");
        }
    }

    @Test
    void twoWorkersOfOneProcessDrainSideBySideAndTheApplicationsHooksRunBeforeItEndsWith0() throws Exception {
        try (ChildProcess worker = deployment("handler=waits for a line", "neighbour=idle")) {
            worker.await("handling");
            worker.terminate();
            worker.await("DRAINING");
            worker.write("go on");

            assertThat(worker.exitCode()).isZero();
            worker.await("Complete APPLIED");
            worker.await("another hook");
        }
    }

    @Test
    void aDeploymentThatCannotReachItsSourceYetStopsAtOnceWith0() throws Exception {
        try (ChildProcess worker = deployment("source=unreachable")) {
            worker.await("source failed");
            worker.terminate();

            assertThat(worker.exitCode()).isZero();
        }
    }

    @Test
    void afterADrainFromElsewhereNothingKeepsTheProcessAlive() throws Exception {
        try (ChildProcess worker = deployment("queue=empty", "drain=from elsewhere")) {
            assertThat(worker.exitCode()).isZero();
            worker.await("run has returned");
        }
    }

    @Test
    void aDeploymentWithAWrongConfigurationEndsByItself() throws Exception {
        try (ChildProcess worker = deployment("order=impossible")) {
            assertThat(worker.exitCode()).isEqualTo(1);
        }
    }

    private ChildProcess job(String... arguments) throws IOException {
        return start("mode=job", arguments);
    }

    private ChildProcess deployment(String... arguments) throws IOException {
        return start("mode=deployment", arguments);
    }

    private ChildProcess start(String mode, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 2];
        all[0] = mode;
        all[1] = "log=" + log;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return ChildProcess.start(WorkerProcess.class, all);
    }

    private String summary() throws IOException {
        return Files.readString(log);
    }
}
