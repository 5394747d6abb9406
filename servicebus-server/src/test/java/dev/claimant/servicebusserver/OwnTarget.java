package dev.claimant.servicebusserver;

import java.time.Duration;

/** Our own server, in this process, one for each line: its clock is moved. */
final class OwnTarget implements Target {

    private final ServiceBusServer server;

    OwnTarget() {
        this(ServiceBusServer.start());
    }

    OwnTarget(ServiceBusServer server) {
        this.server = server;
        server.addTopic("news");
        GivenEntities.ofScript(lock()).forEach(server::addQueue);
    }

    @Override
    public String name() {
        return "servicebus-server";
    }

    @Override
    public String connectionString() {
        return server.connectionString();
    }

    @Override
    public Duration lock() {
        return Duration.ofMinutes(1);
    }

    @Override
    public void pass(Duration time) {
        server.advance(time);
    }

    @Override
    public ServiceBusServer own() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
