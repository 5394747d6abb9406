package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The conformance script notices what is wrong. That the right server passes every line is {@link ConformanceTest}. */
class WrongServersTest {

    /** A wrong server keeps the script waiting for what does not come. */
    private static final Sdk SDK = new JavaSdk(Duration.ofSeconds(15));

    @ParameterizedTest
    @EnumSource
    void aWrongServerFailsTheLineThatIsAboutIt(WrongServer wrong) {
        Script.Line line = Script.lines().stream()
                .filter(each -> each.toString().equals(wrong.line))
                .findFirst()
                .orElseThrow();
        try (Target target = new OwnTarget(wrong.start())) {
            Throwable failure = catchThrowable(() -> line.run(target, SDK));
            assertThat(failure).as("%s passes %s", wrong, line).isNotNull().hasMessageContaining(wrong.complaint);
        }
    }

    @Test
    void eachIsNoticedByALineOfItsOwn() {
        assertThat(WrongServer.values()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(WrongServer.values()).extracting(wrong -> wrong.line).doesNotHaveDuplicates();
    }
}
