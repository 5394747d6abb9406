package dev.claimant.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimant.RetryPolicy;
import dev.claimant.WorkerBuilder;
import dev.claimant.kafka.KafkaConfig;
import dev.claimant.postgres.PostgresConfig;
import dev.claimant.rabbitmq.RabbitMqConfig;
import dev.claimant.servicebus.ServiceBusConfig;
import dev.claimant.sqs.SqsConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PropertiesTest {

    @Test
    void everySettingOfABuilderIsAPropertyUnlessItTakesAnObject() {
        assertCovered(
                WorkerBuilder.class,
                WorkerProperties.class,
                "sourceName",
                "handler",
                "listener",
                "metrics",
                "handlerThreads");
        assertCovered(
                RetryPolicy.class, RetryProperties.class, "on"); // exponential is the default, fixed are the delays
        assertCovered(PostgresConfig.Builder.class, PostgresProperties.class);
        assertCovered(RabbitMqConfig.Builder.class, RabbitMqProperties.class, "credentials", "tls");
        assertCovered(SqsConfig.Builder.class, SqsProperties.class, "credentials", "client");
        assertCovered(KafkaConfig.Builder.class, KafkaProperties.class, "property");
        assertCovered(ServiceBusConfig.Builder.class, ServiceBusProperties.class, "identity");
    }

    private static void assertCovered(Class<?> builder, Class<?> properties, String... objects) {
        Set<String> known = Arrays.stream(properties.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        assertThat(builder.getDeclaredMethods())
                .filteredOn(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == builder)
                .extracting(Method::getName)
                .isNotEmpty()
                .filteredOn(setting -> !Set.of(objects).contains(setting))
                .allMatch(known::contains, "is a property");
    }

    @Test
    void thePropertiesAreDescribedForAnIde() throws Exception {
        Path metadata = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");
        JsonNode properties = new JsonMapper().readTree(metadata.toFile()).get("properties");

        assertThat(properties.size()).isGreaterThan(10);
        properties.forEach(property -> assertThat(property.path("description").asString())
                .as(property.get("name").asString())
                .isNotBlank());
        assertThat(properties.findValuesAsString("name"))
                .contains("claimant.workers", "claimant.auto-startup", "claimant.job.enabled", "claimant.migrate");
    }
}
