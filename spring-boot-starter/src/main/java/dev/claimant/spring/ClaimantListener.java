package dev.claimant.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;

/**
 * The method is the handler of a worker: returning completes the message, throwing retries it; see {@link dev.claimant.Handler}.
 *
 * <p>Its parameters are filled by their types, in any order: a {@link dev.claimant.Claim} or a subclass of it, a {@link dev.claimant.Message},
 * text headers with {@link Header}, and at most one other, the payload: {@code String} and {@code byte[]} as they are, everything else through
 * the application's JSON mapper. A body or a header that cannot be converted dead-letters the message with the reason.
 *
 * <p>With {@link #batchSize} it takes several messages at once: {@code List<Claim>}, {@code List<Message>}, a list of payloads, and {@link
 * dev.claimant.Batch}, which gives a message a result of its own. A message whose body cannot be converted is in none of the lists.
 *
 * <p>Every setting is also a property, {@code claimant.workers.<name>.…}, and the property wins. Texts may hold placeholders.
 */
@Documented
@Reflective(ListenerHints.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ClaimantListener {

    /** The worker's name, under which its properties stand; where no source is configured, also the name of the PostgreSQL queue. */
    String value();

    /** The name of a bean of type {@link dev.claimant.spi.Source}; by default the properties describe the source. */
    String source() default "";

    /** The name of the PostgreSQL queue, where it is not the worker's. */
    String queue() default "";

    /** How many handlers run at once; see {@link dev.claimant.WorkerBuilder#slots}. */
    String slots() default "";

    /** Whether messages with the same ordering key run one at a time, in order; see {@link dev.claimant.WorkerBuilder#ordered}. */
    String ordered() default "";

    /** After how many attempts a message is dead-lettered; see {@link dev.claimant.RetryPolicy#maxAttempts}. */
    String maxAttempts() default "";

    /** How long the method may run, for example {@code 2m}; see {@link dev.claimant.WorkerBuilder#handlerTimeout}. */
    String handlerTimeout() default "";

    /** The most messages that one call takes, for a method that takes batches; see {@link dev.claimant.Handler#batching}. */
    String batchSize() default "";

    /** How long the first message of a batch waits for others, for example {@code 50ms}, which is the default. */
    String batchWait() default "";

    /** Whether the method runs in a transaction of the application, and which of two means then makes its effect happen once. */
    ListenerTransaction transaction() default ListenerTransaction.NONE;
}
