package dev.claimant.postgres;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.PGStream;
import org.postgresql.core.QueryExecutorBase;
import org.postgresql.jdbc.PgConnection;

/**
 * Reads notifications from the stream of PostgreSQL's driver. The driver's own {@code getNotifications} waits a millisecond for another one before it
 * returns the first. The driver offers its stream only by a field that is not public: where that is missing, callers do with
 * {@code getNotifications}. Nobody else uses the connection meanwhile.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">NotificationResponse</a>
 */
final class DriverStream {

    static final int NOTIFICATION = 'A';
    static final int NONE = -1;

    private static final @Nullable Field STREAM = field();

    private final PGStream stream;

    private DriverStream(PGStream stream) {
        this.stream = stream;
    }

    private static @Nullable Field field() {
        try {
            Field stream = QueryExecutorBase.class.getDeclaredField("pgStream");
            stream.setAccessible(true);
            return stream;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** Absent where this driver has none that can be had. */
    static @Nullable DriverStream of(PGConnection connection) {
        try {
            return STREAM != null
                            && connection instanceof PgConnection driver
                            && STREAM.get(driver.getQueryExecutor()) instanceof PGStream stream
                    ? new DriverStream(stream)
                    : null;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** Waits for the server's next message, and leaves it unread. Returns the byte that tells its type; {@link #NONE} if none has come. */
    int awaitMessage(Duration most) throws SQLException {
        try {
            int before = stream.getNetworkTimeout();
            stream.setNetworkTimeout((int) most.toMillis());
            try {
                return stream.peekChar();
            } catch (SocketTimeoutException e) {
                return NONE;
            } finally {
                stream.setNetworkTimeout(before);
            }
        } catch (IOException e) {
            throw ended(e);
        }
    }

    /** Reads the next message, which is a {@link #NOTIFICATION}. Returns its payload. */
    String readNotification() throws SQLException {
        try {
            stream.receiveChar();
            stream.receiveInteger4(); // its length
            stream.receiveInteger4(); // the process that notifies
            stream.receiveString(); // the channel: there is one
            return stream.receiveString();
        } catch (IOException e) {
            throw ended(e);
        }
    }

    private static SQLException ended(IOException e) {
        return new SQLException("the connection ended: " + e, "08006", e);
    }
}
