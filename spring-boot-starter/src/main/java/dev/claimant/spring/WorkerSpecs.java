package dev.claimant.spring;

import dev.claimant.spring.Listeners.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Brings each handler together with its properties. */
final class WorkerSpecs {

    private WorkerSpecs() {}

    static Map<String, WorkerSpec> of(
            Map<String, Found> handlers,
            @Nullable Map<String, WorkerProperties> configured,
            Environment environment,
            StartupProblems problems) {
        Map<String, WorkerSpec> specs = new TreeMap<>();
        handlers.forEach((name, found) -> {
            ClaimantListener listener = found.annotation();
            if (!Listeners.isName(name)) {
                return; // a problem already
            }
            WorkerProperties properties = bound(name, listener, environment);
            ListenerTransaction transaction = listener == null ? ListenerTransaction.NONE : listener.transaction();
            specs.put(name, new WorkerSpec(name, found.handler(), properties, transaction));
        });
        for (String name : configured == null ? List.<String>of() : List.copyOf(configured.keySet())) {
            problems.when(
                    handlers.keySet().stream().noneMatch(known -> uniform(known).equals(uniform(name))),
                    WorkerSpec.prefix(name) + ": has no handler; there are handlers for "
                            + (handlers.isEmpty() ? "no worker" : String.join(", ", handlers.keySet()))
                            + ". A method with @ClaimantListener(\"" + name + "\") or a bean of type Handler with this"
                            + " name is one");
        }
        return specs;
    }

    /** As properties are compared: an environment variable can have no dash. */
    private static String uniform(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** The application's properties, and behind them the annotation's. */
    private static WorkerProperties bound(String name, @Nullable ClaimantListener listener, Environment environment) {
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        sources.add(new MapConfigurationPropertySource(annotated(WorkerSpec.prefix(name), listener)));
        Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
        return binder.bindOrCreate(WorkerSpec.prefix(name), Bindable.of(WorkerProperties.class));
    }

    private static Map<String, String> annotated(String prefix, @Nullable ClaimantListener listener) {
        Map<String, String> values = new HashMap<>();
        if (listener != null) {
            values.put(prefix + ".source", listener.source());
            values.put(prefix + ".postgres.queue", listener.queue());
            values.put(prefix + ".slots", listener.slots());
            values.put(prefix + ".ordered", listener.ordered());
            values.put(prefix + ".retry.max-attempts", listener.maxAttempts());
            values.put(prefix + ".batch-size", listener.batchSize());
            values.put(prefix + ".batch-wait", listener.batchWait());
            values.put(prefix + ".handler-timeout", listener.handlerTimeout());
            values.values().removeIf(String::isEmpty);
        }
        return values;
    }
}
