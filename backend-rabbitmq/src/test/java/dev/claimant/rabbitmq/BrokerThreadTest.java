package dev.claimant.rabbitmq;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class BrokerThreadTest {

    @AutoClose
    private final BrokerThread brokerThread = new BrokerThread("brokerThread");

    @Test
    void anErrandThatAsksForAnotherDoesNotWaitForItself() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        brokerThread.later(0, () -> {
            try {
                brokerThread.finish(done::countDown);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(done.await(20, SECONDS)).isTrue();
    }
}
