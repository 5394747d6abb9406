package dev.claimant.spring;

import dev.claimant.BatchHandler;
import dev.claimant.Handler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionService;

/** Finds the handlers of the application: methods with {@link ClaimantListener}, and beans of type {@link Handler}. */
final class Listeners {

    private final ConfigurableListableBeanFactory beans;
    private final @Nullable PayloadReader json;
    private final ConversionService conversions;
    private final StartupProblems problems;

    /** By the worker's name. */
    private final Map<String, Found> found = new TreeMap<>();

    /**
     * One handler.
     *
     * @param where how messages name it
     * @param handler makes the handler, when the worker's settings are known
     * @param annotation absent for a bean of type Handler or BatchHandler
     */
    record Found(
            String where, HandlerFactory handler, @Nullable ClaimantListener annotation) {}

    Listeners(
            ConfigurableListableBeanFactory beans,
            @Nullable PayloadReader json,
            ConversionService conversions,
            StartupProblems problems) {
        this.beans = beans;
        this.json = json;
        this.conversions = conversions;
        this.problems = problems;
    }

    Map<String, Found> find() {
        for (String bean : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type =
                    ScopedProxyUtils.isScopedTarget(bean) ? null : AutoProxyUtils.determineTargetClass(beans, bean);
            if (type != null) {
                annotated(type).forEach((method, listener) -> add(bean, type, method, listener));
            }
        }
        for (String bean : beans.getBeanNamesForType(Handler.class, true, false)) {
            HandlerFactory factory =
                    (worker, startup) -> HandlerFactory.of(handlerOf(bean)).make(worker, startup);
            add(DataObjectPropertyName.toDashedForm(bean), new Found("the bean " + bean, factory, null));
        }
        for (String bean : beans.getBeanNamesForType(BatchHandler.class, true, false)) {
            HandlerFactory factory = HandlerFactory.ofBatches(
                    batch -> beans.getBean(bean, BatchHandler.class).handle(batch));
            add(DataObjectPropertyName.toDashedForm(bean), new Found("the bean " + bean, factory, null));
        }
        return found;
    }

    /** The bean of that moment for each message: it may have a scope. */
    private Handler handlerOf(String bean) {
        return beans.getBean(bean, Handler.class)
                .around((claim, unused) -> beans.getBean(bean, Handler.class).handle(claim));
    }

    private static Map<Method, ClaimantListener> annotated(Class<?> type) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<ClaimantListener>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, ClaimantListener.class));
    }

    private void add(String bean, Class<?> type, Method method, ClaimantListener listener) {
        String where = describe(method);
        problems.when(
                method.getReturnType() != void.class,
                where + ": returns " + method.getReturnType().getSimpleName()
                        + "; a listener returns nothing, for its message is completed when it returns");
        problems.when(
                Modifier.isStatic(method.getModifiers()) || Modifier.isPrivate(method.getModifiers()),
                where + ": is static or private");
        Invocation invocation = new Invocation(() -> beans.getBean(bean), invocable(bean, type, method));
        String name = String.valueOf(beans.resolveEmbeddedValue(listener.value()));
        add(name, new Found(where, handler(method, listener, invocation), listener));
    }

    private HandlerFactory handler(Method method, ClaimantListener listener, Invocation invocation) {
        if (listener.batchSize().isEmpty()) {
            Arguments arguments = Arguments.of(method, json, conversions, problems);
            return HandlerFactory.of(claim -> invocation.call(arguments.make(claim)));
        }
        problems.when(
                listener.transaction() != ListenerTransaction.NONE,
                describe(method) + ": the transaction " + listener.transaction()
                        + " is for one message; a method for batches begins its own, and may call completeIn for each");
        return HandlerFactory.ofBatches(new BatchListener(invocation, BatchArguments.of(method, json, problems)));
    }

    /** The method as a proxy of the bean has it. */
    private Method invocable(String bean, Class<?> type, Method method) {
        Class<?> exposed = beans.getType(bean);
        Method invocable = exposed == null ? method : method(exposed, type, method);
        invocable.setAccessible(true);
        return invocable;
    }

    private Method method(Class<?> exposed, Class<?> type, Method method) {
        try {
            return AopUtils.selectInvocableMethod(method, exposed);
        } catch (IllegalStateException e) {
            problems.add(describe(method) + ": the proxy of " + type.getName() + " does not have the method; have it in"
                    + " an interface, or proxy the class");
            return method;
        }
    }

    private void add(String name, Found handler) {
        problems.when(
                !isName(name),
                handler.where + ": '" + name
                        + "' is no name for a worker: lower-case letters, digits and dashes, for it"
                        + " is part of the names of properties");
        Found other = found.putIfAbsent(name, handler);
        problems.when(
                other != null,
                WorkerSpec.prefix(name) + ": " + (other == null ? "" : other.where) + " and " + handler.where
                        + " both want to be its handler; each worker has one");
    }

    static boolean isName(String name) {
        return name.matches("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
    }

    static String describe(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
