package dev.claimant.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.SourceException;
import dev.claimant.Verdict;
import dev.claimant.contract.Sending;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.Faults;
import dev.claimant.servicebusserver.ServiceBusServer;
import dev.claimant.servicebusserver.Switch;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A queue on a server of its own, and a source on it that is open. */
final class Rig implements Events, AutoCloseable {

    static final Plan PLAN = new Plan("test", 8, 256, 10, null, null, Duration.ofMinutes(10), false, false);

    final TestEntity entity;
    final ServiceBusServer server;
    final Faults faults;
    final ServiceBusSource source;
    final Capabilities capabilities;
    volatile @Nullable String broken;
    final List<Claim> lost = new CopyOnWriteArrayList<>();

    Rig(Switch... switches) {
        this(settings -> settings, switches);
    }

    Rig(UnaryOperator<ServiceBusConfig.Builder> settings, Switch... switches) {
        this(new TestEntity(null, switches), settings);
    }

    Rig(EntityOptions options, Switch... switches) {
        this(new TestEntity(null, options, switches), settings -> settings);
    }

    static Rig subscription(String name) {
        return new Rig(new TestEntity(name), settings -> settings);
    }

    private Rig(TestEntity entity, UnaryOperator<ServiceBusConfig.Builder> settings) {
        this.entity = entity;
        server = entity.server;
        faults = server.faults();
        source = ServiceBusSource.of(settings.apply(entity.config()).build());
        capabilities = source.open(PLAN, this);
    }

    String send(String text) {
        return entity.send(new Sending(text.getBytes(StandardCharsets.UTF_8), Map.of(), null));
    }

    Claim claim() {
        return claim(1).get(0);
    }

    List<Claim> claim(int count) {
        return claim(source, count);
    }

    static List<Claim> claim(ServiceBusSource source, int count) {
        List<Claim> claims = new ArrayList<>();
        long giveUp = System.nanoTime() + TestEntity.PATIENCE.toNanos();
        while (claims.size() < count && System.nanoTime() < giveUp) {
            claims.addAll(claimOnce(source, count - claims.size(), TestEntity.PATIENCE));
        }
        assertThat(claims).hasSize(count);
        return claims;
    }

    List<Claim> claimOnce(int demand, Duration wait) {
        return claimOnce(source, demand, wait);
    }

    static List<Claim> claimOnce(ServiceBusSource source, int demand, Duration wait) {
        try {
            return source.claim(demand, wait);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Claims, and fails, until the source says that it stays broken. */
    void awaitBroken(ServiceBusSource failing) {
        await().atMost(TestEntity.PATIENCE).until(() -> {
            try {
                failing.claim(2, Duration.ofMillis(200));
            } catch (SourceException e) {
                // as it should
            }
            return broken != null;
        });
    }

    Verdict renew(Claim claim) {
        return source.renew(List.of(claim), TestEntity.PATIENCE).get(0);
    }

    Verdict settle(Settlement settlement) {
        return source.settle(List.of(settlement), TestEntity.PATIENCE).get(0);
    }

    long active() {
        return server.counts(entity.path()).active();
    }

    @Override
    public void lost(List<Claim> claims) {
        lost.addAll(claims);
    }

    @Override
    public void endangered(List<Claim> claims, Duration finishWithin) {}

    @Override
    public void wake() {}

    @Override
    public void broken(@Nullable String why) {
        broken = why;
    }

    @Override
    public void close() {
        source.close();
        entity.close();
    }
}
