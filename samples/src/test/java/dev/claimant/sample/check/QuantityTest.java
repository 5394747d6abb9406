package dev.claimant.sample.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.5, 1.5",
        "250m, 0.25",
        "100u, 0.0001",
        "1e3, 1000",
        "1E-3, 0.001",
        "2k, 2000",
        "1E, 1000000000000000000",
        "64Ki, 65536",
        "0.5Gi, 536870912"
    })
    void itIsReadAsKubernetesReadsIt(String text, BigDecimal amount) {
        assertThat(Quantity.parse(text))
                .hasValueSatisfying(read -> assertThat(read).isEqualByComparingTo(amount));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mi", "256MB", "1 Gi", "1e", "10ki"})
    void whatIsNoneIsNotCompared(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }
}
