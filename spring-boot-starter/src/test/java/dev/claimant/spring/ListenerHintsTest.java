package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

/** What Spring's ahead-of-time processing tells a native image of listeners. */
class ListenerHintsTest {

    record Order(String item, Address address) {}

    record Address(String street) {}

    record Invoice(int amount) {}

    static class Application {

        @ClaimantListener("orders")
        void order(Order order, Claim claim) {}

        @ClaimantListener(value = "invoices", batchSize = "10")
        void invoices(List<Invoice> invoices) {}
    }

    @Test
    void listenersMayBeCalledAndTheirPayloadsRead() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Application.class);

        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Application.class.getDeclaredMethod("order", Order.class, Claim.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Application.class.getDeclaredMethod("invoices", List.class)))
                .accepts(hints);
        for (Class<?> payload : List.of(Order.class, Address.class, Invoice.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onType(payload)).accepts(hints);
        }
    }
}
