package dev.claimant.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void eachSourceIsAColumnAndEachRuleARow() throws IOException {
        Path one = results("one", "true", "kept\t", "-\tonly for order");
        Path two = results("two", "false", "broken\t", "kept\t");

        assertThat(Matrix.of(List.of(one, two))).contains("""
                | declares | one | two |
                |---|---|---|
                | fencing | true | false |

                | keeps | one | two |
                |---|---|---|
                | A-1 MUST: First. | yes | **no** |
                | A-2 MAY: Second. | – 1 | yes |

                A dash: the rule does not apply, because

                1. only for order
                """);
    }

    private Path results(String name, String fencing, String first, String second) throws IOException {
        return Files.write(
                directory.resolve(name),
                List.of(
                        "source\t" + name,
                        "capability\tfencing\t" + fencing,
                        "rule\tA-1\tMUST\tFirst.\t" + first,
                        "rule\tA-2\tMAY\tSecond.\t" + second));
    }
}
