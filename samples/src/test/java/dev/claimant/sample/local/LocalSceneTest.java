package dev.claimant.sample.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalSceneTest {

    @Test
    void thePictureFitsIntoSixtyColumns() {
        int many = 99_999;
        assertThat(new LocalScene(many, many, many, many, many, many, Duration.ofSeconds(many)).asPicture())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
    }
}
