package dev.claimant.sample.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program for Spring Boot that README.md prints runs as it is printed. */
class ReadmeProgramTest {

    private static final Pattern PROGRAM = Pattern.compile("```java\n(package .*?)\n```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void itSendsWhatItHasEnqueuedAndDrainsAtSigterm() throws Exception {
        ShopDatabase database = new ShopDatabase();
        // without the shop, whose properties would be found
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains(Path.of("samples", "spring", "target").toString()))
                .collect(Collectors.joining(File.pathSeparator));
        compile(classPath);

        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder + File.pathSeparator + classPath,
                        "com.example.EmailApplication",
                        "--spring.datasource.url=" + database.url(),
                        "--claimant.migrate=true",
                        "--server.port=0")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(ShopProcess.PATIENCE)
                    .untilAsserted(() -> assertThat(output).content().contains("sent to ada@example.org"));
            process.destroy();
            assertThat(process.waitFor(ShopProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(output).content().contains("Worker is STOPPED");
        assertThat(database.count("claimant.message")).isZero();
    }

    private void compile(String classPath) throws Exception {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("..", "..", "README.md")));
        assertThat(program.find()).isTrue();
        Path source = Files.writeString(folder.resolve("EmailApplication.java"), program.group(1));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> arguments =
                List.of("-proc:none", "-parameters", "-cp", classPath, "-d", folder.toString(), source.toString());
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }
}
