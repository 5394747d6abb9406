package dev.claimant.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * On a test class beside {@code @SpringBootTest}: all workers claim from queues in memory instead of their sources. The test sends messages
 * through the bean {@link InMemoryQueues}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(InMemoryConfiguration.class)
public @interface InMemoryClaimant {}
