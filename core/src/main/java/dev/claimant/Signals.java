package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * One signal that was taken from the JVM, by {@code sun.misc.Signal}: every JDK has it in the module jdk.unsupported, no specification does, so
 * that it is looked up at run time.
 *
 * @param signal the signal
 * @param before what handled it before
 */
record Signals(Object signal, Object before) {

    /** Takes the signals that end a process; what cannot be taken, or is handled by the application itself, stays as it is. */
    static void take(List<Signals> taken, Runnable handler) {
        for (String name : List.of("TERM", "INT")) {
            try {
                Object signal = signalClass().getConstructor(String.class).newInstance(name);
                Object before = handle(signal, proxy(handler));
                Signals now = new Signals(signal, before);
                if (before.getClass().getName().startsWith("sun.misc.")) {
                    taken.add(now);
                } else {
                    now.giveBack();
                }
            } catch (ReflectiveOperationException | RuntimeException unavailable) {
                log.debug("Could not take SIG{}; a shutdown hook does without", name, unavailable);
            }
        }
    }

    static void giveBack(List<Signals> taken) {
        for (Signals signal : taken) {
            try {
                signal.giveBack();
            } catch (ReflectiveOperationException | RuntimeException unavailable) {
                log.debug("Could not give back {}", signal.signal, unavailable);
            }
        }
        taken.clear();
    }

    private void giveBack() throws ReflectiveOperationException {
        handle(signal, before);
    }

    private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
        return signalClass().getMethod("handle", signalClass(), handlerClass()).invoke(null, signal, handler);
    }

    private static Object proxy(Runnable handler) throws ReflectiveOperationException {
        Class<?> type = handlerClass();
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            if (method.getName().equals("handle")) {
                handler.run();
                return null;
            }
            return switch (method.getName()) {
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                default -> "claimant";
            };
        });
    }

    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    private static Class<?> handlerClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }
}
