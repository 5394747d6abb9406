package dev.claimant.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a pool lends comes back, and as it was: not every pool makes its connections new. */
class BorrowedConnectionTest {

    private static final Script ASK = Script.byIndex("SELECT 1");

    private final Pool pool = new Pool();

    @Test
    void aConnectionComesBackWithTheSettingsItHad() throws Exception {
        try (Connection connection = pool.connection) {
            connection.setAutoCommit(false);
            connection.setNetworkTimeout(Runnable::run, 60_000);
            pool.lend.countDown();
            try (SharedConnection shared = new SharedConnection(pool.dataSource(), "test")) {
                shared.run(ASK, row -> row, in(Duration.ofSeconds(10)));
            }

            assertThat(pool.given).isOne();
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
        }
    }

    @Test
    void aConnectionThatCameTooLateForItsUserComesBack() throws Exception {
        try (Connection connection = pool.connection;
                SharedConnection shared = new SharedConnection(pool.dataSource(), "test")) {
            assertThatThrownBy(() -> shared.run(ASK, row -> row, in(Duration.ofMillis(50))))
                    .hasMessageContaining("no connection in time");
            pool.lend.countDown();
            await().until(() -> pool.lent == 1);

            shared.close();

            await().until(() -> pool.given == 1);
            assertThat(connection.isClosed()).isFalse();
        }
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /** Lends one connection, and makes nothing new when it comes back. */
    private static final class Pool {

        final Connection connection = TestDatabase.shared().connect();
        final CountDownLatch lend = new CountDownLatch(1);
        volatile int lent;
        volatile int given;

        DataSource dataSource() {
            return proxy(DataSource.class, (method, arguments) -> {
                lend.await();
                lent = 1;
                return borrowed();
            });
        }

        private Connection borrowed() {
            return proxy(Connection.class, (method, arguments) -> {
                if (method.getName().equals("close")) {
                    given = 1;
                    return null;
                }
                try {
                    return method.invoke(connection, arguments);
                } catch (InvocationTargetException e) {
                    throw (SQLException) e.getCause();
                }
            });
        }

        private interface Call {
            @Nullable Object on(Method method, Object @Nullable [] arguments) throws Exception;
        }

        private static <T> T proxy(Class<T> type, Call call) {
            return type.cast(Proxy.newProxyInstance(
                    BorrowedConnectionTest.class.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> call.on(method, arguments)));
        }
    }
}
