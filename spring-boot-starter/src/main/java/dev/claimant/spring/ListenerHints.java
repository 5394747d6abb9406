package dev.claimant.spring;

import dev.claimant.Batch;
import dev.claimant.Claim;
import dev.claimant.Message;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.SimpleReflectiveProcessor;
import org.springframework.core.ResolvableType;

/** For native images: a listener's method is called by reflection, and its payload is read by the JSON mapper. */
final class ListenerHints extends SimpleReflectiveProcessor {

    private final BindingReflectionHintsRegistrar payloads = new BindingReflectionHintsRegistrar();

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        super.registerReflectionHints(hints, element);
        if (element instanceof Method method) {
            for (Parameter parameter : method.getParameters()) {
                if (isPayload(parameter)) {
                    payloads.registerReflectionHints(hints, parameter.getParameterizedType());
                }
            }
        }
    }

    private static boolean isPayload(Parameter parameter) {
        Class<?> type = ResolvableType.forType(parameter.getParameterizedType()).resolve(parameter.getType());
        return !Claim.class.isAssignableFrom(type)
                && type != Message.class
                && type != Batch.class
                && !parameter.isAnnotationPresent(Header.class);
    }
}
