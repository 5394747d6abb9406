package dev.claimant.sample.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page on images for workers of one's own shows a program that compiles here. */
class OwnImageTest {

    private static final Path PAGE = Path.of("../docs/own-image.md");
    private static final Path PROGRAM = Path.of("src/test/java/dev/claimant/sample/readme/EmailWorker.java");

    @Test
    void theProgramIsTheOneThatIsCompiled() throws IOException {
        String program =
                Files.readString(PROGRAM).replace("package dev.claimant.sample.readme;", "package com.example;");

        assertThat(Files.readString(PAGE)).contains("```java\n" + program + "```");
    }
}
