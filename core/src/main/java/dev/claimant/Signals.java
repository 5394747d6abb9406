package dev.claimant;

import static dev.claimant.WorkerLog.log;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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
                Object before = handle(signal, signalHandler(handler));
                Signals now = new Signals(signal, before);
                if (before.getClass().getName().startsWith("sun.misc.")) {
                    taken.add(now);
                } else {
                    now.giveBack();
                }
            } catch (Throwable unavailable) { // what a JVM throws that cannot make the handler is its own affair
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

    /**
     * The lambda {@code signal -> run(handler, signal)}, as the compiler would have it made if it knew the type. A proxy takes 13 ms of each
     * start, this takes 3.
     */
    private static Object signalHandler(Runnable handler) throws Throwable {
        MethodHandles.Lookup here = MethodHandles.lookup();
        MethodType handled = MethodType.methodType(void.class, signalClass());
        MethodHandle body =
                here.findStatic(Signals.class, "run", MethodType.methodType(void.class, Runnable.class, Object.class));
        return LambdaMetafactory.metafactory(
                        here, "handle", MethodType.methodType(handlerClass(), Runnable.class), handled, body, handled)
                .getTarget()
                .invoke(handler);
    }

    @SuppressWarnings("UnusedMethod") // by signalHandler
    private static void run(Runnable handler, Object signal) {
        log.debug("Told to end by {}", signal);
        handler.run();
    }

    private static Class<?> signalClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    private static Class<?> handlerClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }
}
