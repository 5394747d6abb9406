package dev.claimant.servicebusserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of Azure Service Bus, in memory or on disk, for tests. It speaks AMQP 1.0 without TLS, as Microsoft's emulator does, on a free port of the
 * loopback interface. Thread-safe.
 */
public final class ServiceBusServer implements AutoCloseable {

    static final String KEY_NAME = "RootManageSharedAccessKey";
    static final String KEY = "a-key-for-tests";

    private final ReactorThread reactor;
    private final ServerState state;
    private final AdminEndpoint admin;
    private final int port;

    private ServiceBusServer(Set<Switch> switches, Parts parts, @Nullable Path directory, int port, int adminPort)
            throws IOException {
        reactor = new ReactorThread(this::tick, this::write);
        state = new ServerState(switches, reactor, parts, directory);
        state.keys.add(KEY_NAME, KEY, EnumSet.allOf(Right.class));
        reactor.start();
        this.port = reactor.listen(port, new ConnectionHandler(state));
        admin = new AdminEndpoint(this, state.keys, adminPort);
    }

    private void tick() {
        state.tick();
    }

    private void write() {
        state.write();
    }

    /** Starts a server without entities, in memory. */
    public static ServiceBusServer start(Switch... switches) {
        return start(null, 0, 0, switches);
    }

    /**
     * Starts a server with the entities, messages, locks and sessions that the directory holds, and keeps them there: they outlive the end of
     * its process, whatever that was. For clients it is as if their connections had broken.
     *
     * @param port zero: any
     * @param adminPort zero: any
     */
    public static ServiceBusServer start(@Nullable Path directory, int port, int adminPort, Switch... switches) {
        return start(new Parts(), directory, port, adminPort, switches);
    }

    static ServiceBusServer start(Parts parts, @Nullable Path directory, int port, int adminPort, Switch... switches) {
        Set<Switch> set = EnumSet.noneOf(Switch.class);
        set.addAll(List.of(switches));
        try {
            return new ServiceBusServer(set, parts, directory, port, adminPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- for clients

    public int port() {
        return port;
    }

    /** Where the administration API answers, over plain HTTP. */
    public int adminPort() {
        return admin.port();
    }

    /** With all rights. */
    public String connectionString() {
        return connectionString(port, KEY_NAME, KEY);
    }

    /** With a port of a proxy, or another key. */
    public static String connectionString(int port, String keyName, String key) {
        return "Endpoint=sb://localhost:" + port + ";SharedAccessKeyName=" + keyName + ";SharedAccessKey=" + key
                + ";UseDevelopmentEmulator=true";
    }

    /** Adds a key with some rights; returns a connection string with it. */
    public String addKey(String name, String key, Right... rights) {
        state.keys.add(name, key, Set.of(rights));
        return connectionString(port, name, key);
    }

    /** A token as Entra ID issues it, for an identity with these rights. */
    public String issueToken(Duration life, Right... rights) {
        return state.keys.issue(Set.of(rights), life);
    }

    // ---- entities

    public void addQueue(String name, EntityOptions options) {
        reactor.call(() -> state.entities.add(name, options));
    }

    public void addTopic(String name) {
        run(() -> state.entities.addTopic(name));
    }

    public void addSubscription(String topic, String name, EntityOptions options) {
        run(() -> state.entities.add(topic + Entities.SUBSCRIPTIONS + name, options));
    }

    /** On the reactor's thread; returns when it is done. */
    private void run(Runnable step) {
        reactor.call(() -> {
            step.run();
            return true;
        });
    }

    /** Deletes the queue or subscription; its links are detached. */
    public void remove(String path) {
        detachLinks(path, "amqp:not-found");
        run(() -> {
            state.entities.remove(path);
            state.write(); // or another one of that name might take over its messages
        });
    }

    /** Disables the queue or subscription, and detaches its links; or enables it. */
    public void setDisabled(String path, boolean isDisabled) {
        run(() -> state.entities.setDisabled(path, isDisabled));
        if (isDisabled) {
            detachLinks(path, AmqpError.ENTITY_DISABLED);
        }
    }

    /** The settings of a queue or subscription; absent where there is none. */
    public @Nullable EntityOptions options(String path) {
        return reactor.call(() -> {
            MessageQueue queue = state.entities.find(path);
            return queue == null ? null : queue.options;
        });
    }

    /** Has the administration API say this of a queue or subscription, too: what is not modelled, such as {@code ForwardTo}. */
    public void describe(String path, String element, String value) {
        admin.describe(path, element, value);
    }

    /** The counts of a queue or subscription. */
    public Counts counts(String path) {
        return reactor.call(() -> state.entities.get(path).counts());
    }

    /** How many messages of a queue or subscription are locked. */
    public int locked(String path) {
        return reactor.call(() -> state.entities.get(path).locked());
    }

    // ---- time and faults

    /** Moves the server's clock: locks run out, messages fall due. */
    public void advance(Duration time) {
        state.clock.advance(time.toMillis());
        run(state::tick);
    }

    public Faults faults() {
        return state.faults;
    }

    public int connections() {
        return reactor.call(state.connections::size);
    }

    /** Whether every frame leaves at once, on every connection. */
    boolean sendsAtOnce() {
        return reactor.call(() -> state.connections.stream().allMatch(ClientConnection::sendsAtOnce));
    }

    /** How many links receive from the entity. */
    public int receivers(String path) {
        return reactor.call(() -> state.linksFrom(path).size());
    }

    /** Ends every connection without a word. */
    public void dropConnections() {
        onConnections(ClientConnection::drop);
    }

    /** Leaves every connection half open: its client is not heard any more and hears nothing. New connections work. */
    public void silenceConnections() {
        onConnections(ClientConnection::fallSilent);
    }

    private void onConnections(Consumer<ClientConnection> step) {
        run(() -> List.copyOf(state.connections).forEach(step));
    }

    /** Detaches every link that receives from the entity, with an AMQP condition. */
    public void detachLinks(String path, String condition) {
        run(() ->
                state.linksFrom(path).forEach(link -> link.detach(new AmqpError(condition, "The link is detached."))));
    }

    /** From now on detaches links that nobody has used for this long by the server's clock; Service Bus does after ten minutes. */
    public void detachIdleLinks(Duration after) {
        run(() -> state.linkEnds.detachIdle(after));
    }

    /** Refuses connections and ends those that there are; what is stored stays. */
    public void pause() {
        stopListening();
        admin.pause();
    }

    private void stopListening() {
        run(reactor::stopListening);
        dropConnections();
    }

    /** Ends {@link #pause}, on the same ports. */
    public void resume() {
        try {
            reactor.listen(port, new ConnectionHandler(state));
            admin.resume();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        stopListening();
        reactor.stop();
        try {
            state.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
