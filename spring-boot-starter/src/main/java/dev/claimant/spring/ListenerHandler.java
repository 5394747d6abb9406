package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Handler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;

/** Calls a listener's method. */
final class ListenerHandler implements Handler {

    private final Supplier<Object> bean;
    private final Method method;
    private final Arguments arguments;

    ListenerHandler(Supplier<Object> bean, Method method, Arguments arguments) {
        this.bean = bean;
        this.method = method;
        this.arguments = arguments;
    }

    @Override
    public void handle(Claim claim) throws Exception {
        try {
            method.invoke(bean.get(), arguments.make(claim));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
