package dev.claimant.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listener's method, and the bean that has it. */
record Invocation(Supplier<Object> bean, Method method) {

    /** Throws what the method throws. */
    void call(@Nullable Object[] arguments) throws Exception {
        try {
            method.invoke(bean.get(), arguments);
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
