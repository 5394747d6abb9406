package dev.claimant.spring;

import dev.claimant.postgres.PostgresQueue;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Lets every bean of type PostgresQueue take part in the application's transactions. */
final class JoiningQueues implements BeanPostProcessor {

    private final SpringTransactions transactions = new SpringTransactions();

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        return bean instanceof PostgresQueue queue ? queue.joining(transactions) : bean;
    }
}
