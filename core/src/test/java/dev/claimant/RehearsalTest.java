package dev.claimant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    /** Nobody would notice a rehearsal that ends in its middle, except by slower starts. */
    @Test
    void aRehearsalGoesFromTheClaimToTheCompletion() {
        assertThat(new Rehearsal().run()).isEqualTo(1);
    }

    /** While SLF4J looks for its provider on one thread, what others log may be lost: that is for the application's threads to begin. */
    @Test
    void aRehearsalLoadsThePathOfAMessageAndDoesNotBeginTheLog() throws Exception {
        try (ChildProcess process = ChildProcess.start(List.of("-Xlog:class+load"), Program.class)) {
            process.awaitPart("dev.claimant.Settlement$Complete source:");
            process.awaitPart("rehearsed");
            assertThat(process.seen()).noneMatch(line -> line.contains("org.slf4j.LoggerFactory source:"));
        }
    }

    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.out.println("rehearsed: " + new Rehearsal().run());
        }
    }
}
