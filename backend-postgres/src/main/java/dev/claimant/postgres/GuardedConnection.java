package dev.claimant.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.Set;

/**
 * A connection whose transaction is not its user's to end: a commit half way would put the note of a message's work before the work, and
 * what then fails would never be tried again.
 */
final class GuardedConnection implements InvocationHandler {

    private static final Set<String> FORBIDDEN = Set.of("commit", "close", "abort", "setAutoCommit");

    private final Connection connection;

    private GuardedConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection of(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                GuardedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(connection));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        boolean rollsAllBack = name.equals("rollback") && method.getParameterCount() == 0;
        if (FORBIDDEN.contains(name) || rollsAllBack) {
            throw new IllegalStateException(name + ": the transaction of an inbox is ended by the inbox: return from"
                    + " the handler to commit, throw to roll back");
        }
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
