package dev.claimant.sample.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The BOM names every module that is published. */
class BomTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(claimant-(?!parent|bom).*?)</artifactId>");

    @Test
    void everyPublishedModuleIsInTheBom() throws IOException {
        List<String> published = MODULE.matcher(read("pom.xml"))
                .results()
                .map(module -> module.group(1))
                .filter(module -> !module.equals("bom") && isPublished(module))
                .map(BomTest::artifact)
                .toList();

        assertThat(published).hasSizeGreaterThan(5).isSubsetOf(artifacts(read("bom/pom.xml")));
    }

    private static boolean isPublished(String module) {
        return !read(module + "/pom.xml").contains("<maven.deploy.skip>true");
    }

    private static String artifact(String module) {
        return artifacts(read(module + "/pom.xml")).get(0);
    }

    private static List<String> artifacts(String pom) {
        return ARTIFACT.matcher(pom)
                .results()
                .map(artifact -> artifact.group(1))
                .toList();
    }

    private static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
