package dev.claimant.spring;

import dev.claimant.postgres.EnqueueInterceptor;
import dev.claimant.postgres.PostgresQueue;
import dev.claimant.postgres.PostgresQueue.NewMessage;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Has every queue that is a bean observe its calls; messages carry the trace of the call. */
final class ObservedQueues implements BeanPostProcessor, EnqueueInterceptor {

    private final ObjectProvider<ObservationRegistry> registry;

    ObservedQueues(ObjectProvider<ObservationRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof PostgresQueue queue ? queue.intercepted(this) : bean;
    }

    @Override
    public <X extends Exception> List<String> around(String queue, List<NewMessage> messages, Call<X> call) throws X {
        SenderContext<Map<String, String>> sent = new SenderContext<>(
                (headers, header, value) -> {
                    if (headers != null) {
                        headers.put(header, value);
                    }
                },
                Kind.PRODUCER);
        Map<String, String> headers = new LinkedHashMap<>();
        sent.setCarrier(headers);
        Observation observation = Observation.createNotStarted("claimant.send", () -> sent, registry.getObject())
                .contextualName("send " + queue)
                .lowCardinalityKeyValue("claimant.queue", queue)
                .highCardinalityKeyValue("messaging.batch.message_count", Integer.toString(messages.size()))
                .start();
        try (Observation.Scope ignored = observation.openScope()) {
            return call.enqueue(headers.isEmpty() ? messages : with(headers, messages));
        } catch (Throwable failure) {
            observation.error(failure);
            throw failure;
        } finally {
            observation.stop();
        }
    }

    private static List<NewMessage> with(Map<String, String> headers, List<NewMessage> messages) {
        return messages.stream().map(message -> message.withHeaders(headers)).toList();
    }
}
