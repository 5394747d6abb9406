package dev.claimant.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void flagsOptionsAndNumbersComeInAnyOrder() {
        Arguments arguments = new Arguments(List.of("--kill=3", "12", "--plain", "--claps", "7"));

        assertThat(arguments.flag("--plain")).isTrue();
        assertThat(arguments.option("--claps", 1, 60)).isEqualTo(7);
        assertThat(arguments.option("--kill", 0, 2)).isEqualTo(3);
        assertThat(arguments.option("--max", 1, 10)).isEqualTo(10);
        assertThat(arguments.next("N", 1, 1)).isEqualTo(12);
        arguments.end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "0", "-1", "1.5", ""})
    void aNumberThatIsNoneOrTooSmallIsNamedWithItsOption(String value) {
        Arguments arguments = new Arguments(List.of("--claps", value));

        assertThatThrownBy(() -> arguments.option("--claps", 1, 60))
                .isInstanceOf(UsageException.class)
                .hasMessage("--claps: " + value + " is not a whole number of at least 1");
    }

    @Test
    void anOptionWithoutItsNumberIsNamed() {
        Arguments arguments = new Arguments(List.of("--claps"));

        assertThatThrownBy(() -> arguments.option("--claps", 1, 60)).hasMessage("--claps needs a number");
    }

    @Test
    void whatNobodyAskedForIsRefused() {
        Arguments arguments = new Arguments(List.of("--clap", "7"));

        assertThatThrownBy(arguments::end).hasMessage("cannot understand --clap 7");
    }
}
