package dev.claimant.sample.spring;

import dev.claimant.postgres.PostgresQueue;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Takes orders by HTTP, and ships them in the background. */
@SpringBootApplication
public class ShopApplication {

    /** Starts the shop; with {@code --claimant.job.enabled=true} as a Job. */
    public static void main(String[] args) {
        SpringApplication.run(ShopApplication.class, args);
    }

    @Bean
    PostgresQueue orderQueue(DataSource dataSource) {
        return new PostgresQueue(dataSource, "orders");
    }

    @Bean
    PostgresQueue mailQueue(DataSource dataSource) {
        return new PostgresQueue(dataSource, "mails");
    }
}
