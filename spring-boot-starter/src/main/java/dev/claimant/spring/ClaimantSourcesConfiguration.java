package dev.claimant.spring;

import com.azure.core.credential.TokenCredential;
import dev.claimant.kafka.KafkaSource;
import dev.claimant.postgres.PostgresSource;
import dev.claimant.rabbitmq.RabbitMqSource;
import dev.claimant.servicebus.ServiceBusSource;
import dev.claimant.sqs.SqsSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** A provider of sources for each backend that is on the class path. */
@AutoConfiguration(
        before = ClaimantAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
            "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration"
        })
class ClaimantSourcesConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({PostgresSource.class, DataSourceUtils.class})
    @ConditionalOnBean(DataSource.class)
    static class Postgres {

        @Bean
        SourceProvider claimantPostgresSources(BeanFactory beans, ClaimantProperties properties) {
            return new PostgresSourceProvider(beans, properties.migrate());
        }

        @Bean
        ListenerTransactions claimantListenerTransactions(BeanFactory beans) {
            return new PostgresListenerTransactions(beans);
        }

        @Bean
        static JoiningQueues claimantJoiningQueues() {
            return new JoiningQueues();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RabbitMqSource.class)
    static class RabbitMq {

        @Bean
        SourceProvider claimantRabbitMqSources(ObjectProvider<RabbitMqConnection> connection) {
            return new RabbitMqSourceProvider(connection);
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(RabbitConnectionDetails.class)
        static class ServiceConnection {

            @Bean
            @ConditionalOnBean(RabbitConnectionDetails.class)
            RabbitMqConnection claimantRabbitMqConnection(RabbitConnectionDetails details) {
                return RabbitMqConnection.of(details);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SqsSource.class)
    static class Sqs {

        @Bean
        SourceProvider claimantSqsSources(ObjectProvider<AwsCredentialsProvider> credentials) {
            return new SqsSourceProvider(credentials);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KafkaSource.class)
    static class Kafka {

        @Bean
        SourceProvider claimantKafkaSources(ObjectProvider<KafkaConnection> connection) {
            return new KafkaSourceProvider(connection);
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(KafkaConnectionDetails.class)
        static class ServiceConnection {

            @Bean
            @ConditionalOnBean(KafkaConnectionDetails.class)
            KafkaConnection claimantKafkaConnection(KafkaConnectionDetails details) {
                return KafkaConnection.of(details);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ServiceBusSource.class)
    static class ServiceBus {

        @Bean
        SourceProvider claimantServiceBusSources(ObjectProvider<TokenCredential> credential) {
            return new ServiceBusSourceProvider(credential);
        }
    }
}
