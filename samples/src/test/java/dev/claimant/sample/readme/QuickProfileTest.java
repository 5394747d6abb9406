package dev.claimant.sample.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The image and the demos are compiled without the guards, by the profile {@code quick}; they must start as fast as what is released. */
class QuickProfileTest {

    private static final String NOT_LINKED_AT_RUN_TIME = "<arg>-XDstringConcat=inline</arg>";

    @Test
    void concatenationsAreNotLinkedAtRunTime() throws Exception {
        String pom = Files.readString(Path.of("..", "pom.xml"));
        int quick = pom.indexOf("<id>quick</id>");

        assertThat(pom.substring(0, quick)).as("what is released").contains(NOT_LINKED_AT_RUN_TIME);
        assertThat(pom.substring(quick, pom.indexOf("</profile>", quick)))
                .as("the profile quick")
                .contains(NOT_LINKED_AT_RUN_TIME);
    }
}
