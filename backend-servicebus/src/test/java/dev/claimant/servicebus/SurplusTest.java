package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SurplusTest {

    private final Queue<Runnable> later = new ArrayDeque<>();
    private int count;
    private int givenBack;
    private long now;
    private final Surplus surplus = new Surplus(() -> count, this::giveBackOne, later::add, () -> now);

    private void giveBackOne() {
        count--;
        givenBack++;
    }

    private void patiencePasses() {
        now += Surplus.PATIENCE.toNanos();
        later.remove().run();
    }

    private void count(int count) {
        this.count = count;
        surplus.watch();
    }

    @Test
    void whatIsNotWantedForAMomentStays() {
        count(40);
        now += Surplus.PATIENCE.toNanos() / 2;
        count(0);
        count(30);
        now -= Surplus.PATIENCE.toNanos() / 2;
        patiencePasses();
        assertThat(givenBack).isZero();
        count(0);
        patiencePasses();
        assertThat(givenBack).isZero();
        assertThat(later).isEmpty();
    }

    @Test
    void whatStaysUnwantedGoesBack() {
        count(40);
        count(7);
        patiencePasses();
        assertThat(givenBack).isEqualTo(7);
        assertThat(later).isEmpty();
    }

    @Test
    void thereIsOneLookAtATime() {
        count(1);
        count(2);
        count(3);
        assertThat(later).hasSize(1);
    }
}
