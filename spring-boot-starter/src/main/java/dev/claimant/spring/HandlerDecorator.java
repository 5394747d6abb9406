package dev.claimant.spring;

import dev.claimant.Handler;

/** A bean that wraps the handlers of all workers, for what belongs around each: traces, log context. The first by order is the outermost. */
@FunctionalInterface
public interface HandlerDecorator {

    /** The handler of the worker with this name, wrapped: {@link Handler#around} does it. */
    Handler decorate(String worker, Handler handler);
}
