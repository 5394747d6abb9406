package dev.claimant.rabbitmq;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ErrandsTest {

    @AutoClose
    private final Errands errands = new Errands("errands");

    @Test
    void anErrandThatAsksForAnotherDoesNotWaitForItself() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        errands.later(0, () -> {
            try {
                errands.finish(done::countDown);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(done.await(20, SECONDS)).isTrue();
    }
}
