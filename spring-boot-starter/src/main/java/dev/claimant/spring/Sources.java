package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.spi.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/** The source of each worker: a bean, or what its properties describe. */
final class Sources {

    private static final Map<String, Function<WorkerProperties, @Nullable Object>> KINDS = kinds();

    private final BeanFactory beans;
    private final List<SourceProvider> providers;
    private final @Nullable InMemoryQueues inMemory;

    Sources(BeanFactory beans, List<SourceProvider> providers, ObjectProvider<InMemoryQueues> inMemory) {
        this.beans = beans;
        this.providers = providers;
        this.inMemory = inMemory.getIfAvailable();
    }

    private static Map<String, Function<WorkerProperties, @Nullable Object>> kinds() {
        Map<String, Function<WorkerProperties, @Nullable Object>> kinds = new LinkedHashMap<>();
        kinds.put("source", WorkerProperties::source);
        kinds.put("postgres", WorkerProperties::postgres);
        kinds.put("rabbitmq", WorkerProperties::rabbitmq);
        kinds.put("sqs", WorkerProperties::sqs);
        kinds.put("kafka", WorkerProperties::kafka);
        kinds.put("servicebus", WorkerProperties::servicebus);
        return kinds;
    }

    boolean areInMemory() {
        return inMemory != null;
    }

    /** A new source; null, and a problem, where there can be none. */
    @Nullable Source of(WorkerSpec worker, StartupProblems problems) {
        if (inMemory != null) {
            return inMemory.source(worker.name());
        }
        List<String> described = new ArrayList<>();
        KINDS.forEach((kind, setting) -> {
            if (setting.apply(worker.properties()) != null) {
                described.add(kind);
            }
        });
        if (described.size() > 1) {
            problems.add(
                    worker.prefix() + ": has the sources " + String.join(", ", described) + "; each worker has one");
            return null;
        }
        return described.isEmpty() ? byDefault(worker, problems) : described(worker, described.get(0), problems);
    }

    private @Nullable Source byDefault(WorkerSpec worker, StartupProblems problems) {
        for (SourceProvider provider : providers) {
            Source source = made(worker, provider, problems, () -> provider.defaultSource(worker.name()));
            if (source != null) {
                return source;
            }
        }
        problems.add(
                worker.prefix() + ": has no source; describe one with " + worker.prefix()
                        + ".postgres.queue, .rabbitmq.uri, .sqs.url, .kafka.bootstrap-servers or .servicebus.connection-string, or name a bean with .source");
        return null;
    }

    private @Nullable Source described(WorkerSpec worker, String kind, StartupProblems problems) {
        String bean = worker.properties().source();
        if (bean != null) {
            return bean(worker, bean, problems);
        }
        for (SourceProvider provider : providers) {
            if (provider.setting().equals(kind)) {
                return made(worker, provider, problems, () -> provider.source(worker.name(), worker.properties()));
            }
        }
        problems.add(worker.prefix() + "." + kind + ": needs claimant-backend-" + kind + " on the class path"
                + (kind.equals("postgres") ? ", and a DataSource" : ""));
        return null;
    }

    private @Nullable Source bean(WorkerSpec worker, String name, StartupProblems problems) {
        try {
            return beans.getBean(name, Source.class);
        } catch (BeansException e) {
            problems.add(worker.prefix() + ".source: '" + name + "' is no bean of type Source: " + e.getMessage());
            return null;
        }
    }

    private interface Making {
        @Nullable Source make();
    }

    private static @Nullable Source made(
            WorkerSpec worker, SourceProvider provider, StartupProblems problems, Making making) {
        try {
            return making.make();
        } catch (ConfigurationException e) {
            problems.addAll(worker.prefix() + "." + provider.setting(), e);
            return null;
        }
    }

    /** For providers: the setting, or a problem that it is missing. */
    static String required(@Nullable String value, String setting) {
        if (value == null || value.isBlank()) {
            throw new ConfigurationException(List.of(setting + ": must be set"));
        }
        return Objects.requireNonNull(value);
    }
}
