package dev.claimant.contract;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Gives each rule its bench, passes over rules that are not meant for the source, aloud, and keeps the results for the matrix. */
final class RuleRunner implements ParameterResolver, InvocationInterceptor, AfterAllCallback {

    private static final Namespace HERE = Namespace.create(RuleRunner.class);

    /** Outlives one run of a class: a rule that failed and is run again, alone, belongs to the same results. */
    private static final Map<Class<?>, Results> RESULTS = new ConcurrentHashMap<>();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Bench.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Harness harness = ((SourceContract) context.getRequiredTestInstance()).newHarness();
        Results results = results(context, harness);
        Bench bench = new Bench(harness, results.capabilities());
        context.getStore(HERE).put(Bench.class, bench);
        return bench;
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> rule, ExtensionContext context)
            throws Throwable {
        RuleInfo info = RuleInfo.of(rule.getExecutable());
        Bench bench = (Bench) rule.getArguments().get(0);
        Results results = results(context, bench.harness);
        if (!info.rule().when().holdsFor(bench.capabilities)) {
            invocation.skip();
            results.doesNotApply(info, "only for " + info.rule().when().what);
            return;
        }
        try {
            invocation.proceed();
            results.kept(info);
        } catch (NotApplicable e) {
            results.doesNotApply(info, e.why());
        } catch (Throwable e) {
            results.broken(info);
            throw explained(info, e);
        }
    }

    private static Throwable explained(RuleInfo info, Throwable failure) {
        String lookAt = info.rule().lookAt();
        String hint = lookAt.isEmpty() ? "" : " If this fails, look at " + lookAt;
        return new AssertionError(info.id() + ": " + info.rule().value() + hint + "\n" + failure.getMessage(), failure);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Results results = RESULTS.get(context.getRequiredTestClass());
        if (results != null) {
            results.write();
        }
    }

    /** One for all rules of a test class. */
    private static Results results(ExtensionContext context, Harness harness) {
        return RESULTS.computeIfAbsent(
                context.getRequiredTestClass(), test -> new Results(harness.name(), Bench.capabilitiesOf(harness)));
    }
}
