package dev.claimant.servicebus;

import dev.claimant.SourceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Waits for what the SDK answers: it has no bound of its own for many operations. */
final class Answers {

    private Answers() {}

    /** The answer, or nothing where the operation gives none. */
    static <T> @Nullable T await(Mono<T> operation, String name, ServiceBusConfig.Entity entity, Duration within) {
        CompletableFuture<T> answer = operation.toFuture();
        try {
            return answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw ServiceBusErrors.failed(name, entity, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException(name + " of '" + entity + "' was interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }
}
