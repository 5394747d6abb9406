package dev.claimant.rabbitmq;

import com.rabbitmq.client.impl.Frame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** What the client's frames say of themselves: by methods in 5.37, in fields in 5.30, which Spring Boot 4.1 brings. */
final class FrameFields {

    private static final MethodHandle TYPE = find("type", "getType");
    private static final MethodHandle CHANNEL = find("channel", "getChannel");

    private FrameFields() {}

    static int type(Frame frame) {
        return read(TYPE, frame);
    }

    static int channel(Frame frame) {
        return read(CHANNEL, frame);
    }

    private static int read(MethodHandle field, Frame frame) {
        try {
            return (int) field.invokeExact(frame);
        } catch (Throwable e) {
            throw new IllegalStateException("a frame of the client cannot be read", e);
        }
    }

    private static MethodHandle find(String field, String method) {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            return lookup.findVirtual(Frame.class, method, MethodType.methodType(int.class));
        } catch (ReflectiveOperationException older) {
            return findField(lookup, field);
        }
    }

    private static MethodHandle findField(MethodHandles.Lookup lookup, String field) {
        try {
            return lookup.findGetter(Frame.class, field, int.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this release of amqp-client is not known: its frames have no " + field, e);
        }
    }
}
