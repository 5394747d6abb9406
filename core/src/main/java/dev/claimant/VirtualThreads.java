package dev.claimant;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;

/** Virtual threads where the JDK has them for good (21 and later), without being compiled against it. */
final class VirtualThreads {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private VirtualThreads() {}

    static ThreadFactory factoryOr(ThreadFactory otherwise) {
        if (Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS) {
            return otherwise;
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException e) {
            return otherwise;
        }
    }
}
