package dev.claimant.sample.spring;

import dev.claimant.postgres.PostgresClaim;
import dev.claimant.spring.ClaimantListener;
import dev.claimant.spring.ListenerTransaction;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What happens in the background. */
@Component
class ShopListeners {

    private final Orders orders;
    private final Duration carrierTime;

    ShopListeners(Orders orders, @Value("${shop.carrier-time:100ms}") Duration carrierTime) {
        this.orders = orders;
        this.carrierTime = carrierTime;
    }

    /** The slow part is outside of any transaction; the last step and the completion are one. */
    @ClaimantListener("orders")
    void ship(Order order, PostgresClaim claim) throws InterruptedException {
        orders.pickUp(order);
        if (order.item().equals("unicorn")) {
            throw new IllegalStateException("unicorns are sold out");
        }
        Thread.sleep(carrierTime.toMillis()); // the carrier comes
        orders.ship(order, claim);
    }

    /** The mail and the completion of its message are one transaction. */
    @ClaimantListener(value = "mails", transaction = ListenerTransaction.COMPLETE)
    void mail(String text) {
        orders.mail(text);
    }
}
