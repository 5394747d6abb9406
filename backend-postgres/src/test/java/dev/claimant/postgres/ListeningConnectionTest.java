package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.contract.NoEvents;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

class ListeningConnectionTest {

    private final TestDatabase database = WakeUpTest.newDatabase();

    @Test
    void aNotificationIsReadFromTheStreamOfTheDriver() throws Exception {
        try (Connection connection = database.connect()) {
            PGConnection driver = connection.unwrap(PGConnection.class);
            DriverStream stream = Objects.requireNonNull(DriverStream.of(driver), "this driver has another field");
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + EnqueueNotifier.CHANNEL);
                notify("a", "ü");

                assertThat(stream.awaitMessage(Duration.ofMinutes(1))).isEqualTo(DriverStream.NOTIFICATION);
                assertThat(stream.readNotification()).isEqualTo("a");
                assertThat(driver.getNotifications())
                        .extracting(PGNotification::getParameter)
                        .containsExactly("ü");
                assertThat(stream.awaitMessage(Duration.ofMillis(1))).isEqualTo(DriverStream.NONE);
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
        }
    }

    @Test
    void everyNotificationNamesItsQueue() throws Exception {
        try (ListeningConnection listening = listeningOn(database.dataSource())) {
            notify("a", "ü");

            assertThat(listening.awaitNotified()).containsExactly("a");
            assertThat(listening.awaitNotified()).containsExactly("ü");
        }
    }

    @Test
    void aNotificationThatComesWithAnAnswerIsHeard() throws Exception {
        AtomicInteger listens = new AtomicInteger();
        DataSource dataSource = connections((connection, method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            return result instanceof Statement statement
                    ? proxy(Statement.class, (self, called, sql) -> {
                        if (called.getName().equals("execute") && listens.incrementAndGet() == 2) {
                            notify("a");
                        }
                        return invoke(statement, called, sql);
                    })
                    : result;
        });
        try (ListeningConnection listening = listeningOn(dataSource)) {
            assertThat(listening.awaitNotified()).containsExactly("a");
        }
    }

    @Test
    void aDriverWhoseStreamCannotBeHadIsListenedToAllTheSame() throws Exception {
        DataSource dataSource = connections((connection, method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            return result instanceof PGConnection driver && arguments[0] == PGConnection.class
                    ? proxy(PGConnection.class, (self, called, values) -> invoke(driver, called, values))
                    : result;
        });
        try (ListeningConnection listening = listeningOn(dataSource)) {
            notify("a");

            assertThat(listening.awaitNotified()).containsExactly("a");
        }
    }

    private static ListeningConnection listeningOn(DataSource dataSource) throws Exception {
        SharedConnection claims = new SharedConnection(dataSource, "claims");
        return ListeningConnection.open(new WakeUp(dataSource, "a", claims, NoEvents.INSTANCE));
    }

    /** In one transaction. */
    private void notify(String... queues) {
        StringBuilder all = new StringBuilder("SELECT 1");
        for (String queue : queues) {
            all.append(", pg_notify('")
                    .append(EnqueueNotifier.CHANNEL)
                    .append("', '")
                    .append(queue)
                    .append("')");
        }
        database.execute(all.toString());
    }

    /** The database's, each of whose methods is called by this. */
    private DataSource connections(InvocationHandler calls) {
        return proxy(DataSource.class, (self, method, arguments) -> {
            Connection connection = database.connect();
            return proxy(Connection.class, (wrapper, called, values) -> calls.invoke(connection, called, values));
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
