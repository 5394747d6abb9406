package dev.claimant.servicebus;

import dev.claimant.contract.DeadMessage;
import dev.claimant.contract.Misconfigured;
import dev.claimant.contract.Sending;
import dev.claimant.contract.Wire;
import dev.claimant.servicebusserver.EntityOptions;
import dev.claimant.servicebusserver.ServiceBusServer;
import dev.claimant.servicebusserver.Switch;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A server of its own for each rule, whose clock can be moved; each source behind wires of its own. */
final class ServiceBusHarness extends WiredHarness {

    private final String name;
    private final TestEntity entity;

    ServiceBusHarness(String name, TestEntity entity) {
        this.name = name;
        this.entity = entity;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Source newSource() {
        Wire amqp = Wire.to("127.0.0.1", entity.server.port());
        Wire administration = Wire.to("127.0.0.1", entity.server.adminPort());
        return behind(
                ServiceBusSource.of(
                        entity.config(amqp.port(), administration.port()).build()),
                amqp,
                administration);
    }

    @Override
    public String send(Sending message) {
        return entity.send(message);
    }

    @Override
    public String sendUnusable() {
        return entity.sendSequence();
    }

    /** The server's clock is moved, and nobody else's. */
    @Override
    public void pass(Duration time) {
        entity.server.advance(time);
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return entity.deadLetters();
    }

    @Override
    public long scaler() {
        return entity.server.counts(entity.path()).active();
    }

    @Override
    public boolean countsClaimed() {
        return !entity.switches.contains(Switch.LOCKED_NOT_ACTIVE);
    }

    @Override
    public void restart() {
        entity.server.pause();
        entity.server.resume();
    }

    @Override
    public Misconfigured misconfigured() {
        ServiceBusServer server = entity.server;
        boolean hasSessions =
                Objects.requireNonNull(server.options(entity.path())).requiresSession();
        EntityOptions options = TestEntity.OPTIONS.maxDeliveryCount(3);
        server.addQueue("wrong", hasSessions ? options : options.requireSession());
        ServiceBusConfig.Builder config = ServiceBusConfig.queue("wrong");
        if (hasSessions) {
            config.sessions();
        }
        Source source = ServiceBusSource.of(config.connectionString(server.connectionString())
                .administrationEndpoint("http://localhost:" + server.adminPort())
                .build());
        return new Misconfigured(source, List.of("sessions", "maxDeliveryCount"));
    }

    @Override
    public boolean locksOutliveConnections() {
        return entity.locksOutliveConnections();
    }

    @Override
    public int rounds() {
        return 5;
    }

    @Override
    public void close() {
        super.close();
        entity.close();
    }
}
