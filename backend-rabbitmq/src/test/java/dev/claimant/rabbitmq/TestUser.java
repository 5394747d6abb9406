package dev.claimant.rabbitmq;

import java.util.Objects;
import java.util.UUID;

/** A user of the real broker with the rights that the README recommends, for one test. */
record TestUser(String management, String name) implements AutoCloseable {

    /** May claim from the queue and publish, and look at all that belongs to it, and declare nothing. */
    static TestUser withoutRightsToConfigure(String queue) {
        return of("^$", queue);
    }

    /** May besides declare the queues. */
    static TestUser thatConfigures(String queue) {
        return of("^" + queue, queue);
    }

    private static TestUser of(String configure, String queue) {
        String management = Objects.requireNonNull(
                TestServer.get().management(), "CLAIMANT_RABBITMQ_MANAGEMENT_URL belongs to CLAIMANT_RABBITMQ_URL");
        TestUser user = new TestUser(management, "user-" + UUID.randomUUID());
        ManagementApi.put(management, "/api/users/" + user.name, "{\"password\":\"p w\",\"tags\":\"\"}");
        ManagementApi.put(
                management,
                "/api/permissions/%2F/" + user.name,
                "{\"configure\":\"" + configure + "\",\"write\":\"^amq\\\\.default$\",\"read\":\"^" + queue + "\"}");
        return user;
    }

    void changePassword(String password) {
        ManagementApi.put(management, "/api/users/" + name, "{\"password\":\"" + password + "\",\"tags\":\"\"}");
    }

    String uri() {
        return TestServer.get().uri().replaceFirst("//.*@", "//" + name + ":p%20w@");
    }

    @Override
    public void close() {
        ManagementApi.delete(management, "/api/users/" + name);
    }
}
