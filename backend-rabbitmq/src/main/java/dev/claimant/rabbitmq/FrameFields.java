package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.Frame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** What the client's frames say of themselves: by methods in 5.37, in fields in 5.30, which Spring Boot 4.1 brings. */
final class FrameFields {

    private static final boolean BY_METHODS = haveMethods();

    private FrameFields() {}

    static int type(Frame frame) {
        return BY_METHODS ? frame.getType() : Older.read(Older.TYPE, frame);
    }

    static int channel(Frame frame) {
        return BY_METHODS ? frame.getChannel() : Older.read(Older.CHANNEL, frame);
    }

    private static boolean haveMethods() {
        try {
            return new Frame(0, 0).getType() == 0;
        } catch (NoSuchMethodError older) {
            return false;
        }
    }

    /** By handles, which take long to be made: not at a start with a newer release. */
    private static final class Older {

        static final MethodHandle TYPE = find("type");
        static final MethodHandle CHANNEL = find("channel");

        static int read(MethodHandle field, Frame frame) {
            try {
                return (int) field.invokeExact(frame);
            } catch (Throwable e) {
                throw new IllegalStateException("a frame of the client cannot be read", e);
            }
        }

        private static MethodHandle find(String field) {
            try {
                return MethodHandles.publicLookup().findGetter(Frame.class, field, int.class);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                        "this release of amqp-client is not known: its frames have no " + field, e);
            }
        }
    }
}
