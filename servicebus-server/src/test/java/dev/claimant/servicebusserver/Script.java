package dev.claimant.servicebusserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the parts of the conformance script share: a server with entities, and clients of one SDK. */
abstract class Script {

    static final String QUEUE = "orders";
    static final String ORDERED = "ordered";

    /** A behaviour of the script. */
    record Line(Class<? extends Script> part, Method method) {

        /** Runs it; fails if the server or the SDK does something else. */
        void run(Target target, Sdk sdk) throws Throwable {
            Script script = part.getDeclaredConstructor().newInstance();
            script.begin(target, sdk);
            try {
                method.invoke(script);
            } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
            } finally {
                script.end();
            }
        }

        String source() {
            return Objects.requireNonNull(method.getAnnotation(Behaviour.class)).value();
        }

        @Override
        public String toString() {
            return method.getName();
        }
    }

    /** Not final: set before a line runs, and by nobody else. */
    @SuppressWarnings("NullAway.Init")
    Target target;

    @SuppressWarnings("NullAway.Init")
    SdkClient client;

    @SuppressWarnings("NullAway.Init")
    private Sdk sdk;

    private final List<SdkClient> others = new ArrayList<>();

    static List<Line> lines() {
        return Stream.of(LockScript.class, StoreScript.class, SessionScript.class)
                .flatMap(part -> Stream.of(part.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Behaviour.class))
                        .sorted(Comparator.comparing(Method::getName))
                        .map(method -> new Line(part, method)))
                .toList();
    }

    private void begin(Target target, Sdk sdk) {
        this.target = target;
        this.sdk = sdk;
        client = sdk.connect(target.connectionString());
    }

    private void end() {
        others.forEach(SdkClient::close);
        client.close();
    }

    /** Another process: one client that accepts a session twice may be given its own link again. */
    SdkClient another(String connectionString) {
        SdkClient other = sdk.connect(connectionString);
        others.add(other);
        return other;
    }

    SdkClient another() {
        return another(target.connectionString());
    }

    // ---- time, in locks

    /** This many percent of a lock. */
    Duration locks(int percent) {
        return target.lock().multipliedBy(percent).dividedBy(100);
    }

    void untilTheLockIsOver() {
        target.pass(target.lock().plusSeconds(1));
    }

    // ---- what the script looks at

    /** The bodies of what can be delivered or is locked. */
    List<String> active(String entity) {
        return those(entity, "ACTIVE");
    }

    List<String> those(String entity, String state) {
        return client.peek(entity, 0, 100).stream()
                .filter(message -> state.equals(message.get("state")))
                .map(Incoming::text)
                .toList();
    }

    List<String> dead(String entity) {
        return client.peek(entity + Entities.DEAD_LETTERS, 0, 100).stream()
                .map(Incoming::text)
                .toList();
    }

    void assertNothingIsLeft(String entity) {
        assertThat(client.peek(entity, 0, 100)).isEmpty();
        assertThat(dead(entity)).isEmpty();
    }

    /** Why the operation is refused; fails if it is not. */
    static AbstractStringAssert<?> assertRefused(ThrowingCallable operation) {
        try {
            operation.call();
        } catch (Refusal refusal) {
            return assertThat(refusal.reason()).as(refusal.getMessage());
        } catch (Throwable e) {
            throw new AssertionError("expected a refusal by the service", e);
        }
        throw new AssertionError("expected a refusal by the service, and it was done");
    }
}
