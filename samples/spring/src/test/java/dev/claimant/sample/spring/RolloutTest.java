package dev.claimant.sample.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Deployment does at each release: a new process, and SIGTERM for the old one, under load. */
class RolloutTest {

    private static final int ORDERS = 60;
    private static final int SLOTS = 20;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aRolloutWithTwentyHandlersInFlightLosesNothingAndDoesNothingTwice() throws Exception {
        ShopDatabase database = new ShopDatabase();
        try (ShopProcess old = start("old", database).awaitReady()) {
            for (int i = 0; i < ORDERS; i++) {
                assertThat(old.order("tea")).isEqualTo(202);
            }
            await().atMost(ShopProcess.PATIENCE)
                    .until(() -> database.count("pick_up") - database.count("shipment") >= SLOTS);

            old.terminate();
            int exitCode = old.awaitExitCode();
            long shippedByTheOld = database.count("shipment");
            try (ShopProcess next = start("next", database).awaitReady()) {
                await().atMost(ShopProcess.PATIENCE)
                        .until(() -> database.count("mail") == ORDERS && database.count("claimant.message") == 0);
                next.terminate();
                assertThat(next.awaitExitCode()).isEqualTo(143);
            }

            assertThat(exitCode).isEqualTo(143);
            assertThat(shippedByTheOld).isBetween((long) SLOTS, (long) ORDERS);
            assertThat(old.log()).doesNotContain("has been closed", "Lock lost", "dropped, the claim was over");
            assertThat(database.count("pick_up")).as("tries").isEqualTo(ORDERS);
            assertThat(database.count("(SELECT DISTINCT order_id FROM shipment) s"))
                    .isEqualTo(ORDERS);
            assertThat(database.count("shipment")).isEqualTo(ORDERS);
            assertThat(database.count("mail")).isEqualTo(ORDERS);
            assertThat(database.count("claimant.message")).isZero();
            assertThat(database.count("claimant.dead")).isZero();
        }
    }

    private ShopProcess start(String name, ShopDatabase database) throws Exception {
        return ShopProcess.start(folder.resolve(name), database, "--shop.carrier-time=3s");
    }
}
