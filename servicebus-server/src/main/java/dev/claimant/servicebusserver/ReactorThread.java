package dev.claimant.servicebusserver;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.engine.BaseHandler;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.reactor.Acceptor;
import org.apache.qpid.proton.reactor.Reactor;
import org.apache.qpid.proton.reactor.ReactorOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns all state: proton-j's reactor, a timer, and steps that other threads hand in. */
final class ReactorThread extends BaseHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ReactorThread.class);
    private static final int TICK_MILLIS = 5;

    private record Later(long atNanos, Runnable step) {}

    private final Reactor reactor;
    private final Thread thread;
    private final Runnable onTick;
    private final Queue<FutureTask<?>> steps = new ConcurrentLinkedQueue<>();
    private final List<Later> later = new ArrayList<>();
    private @Nullable Acceptor acceptor;
    private volatile boolean isStopped;

    /** @param beforeOutput what is done before any bytes that a step of the server has caused are sent */
    ReactorThread(Runnable onTick, Runnable beforeOutput) throws IOException {
        this.onTick = onTick;
        ReactorOptions options = new ReactorOptions();
        options.setMaxFrameSize(65536);
        reactor = Proton.reactor(options, new BaseHandler() {
            @Override
            public void onReactorQuiesced(Event event) {
                beforeOutput.run(); // proton-j writes to sockets after this, and at no other time
            }
        });
        thread = new Thread(this::loop, "servicebus-server");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void loop() {
        reactor.setTimeout(TICK_MILLIS);
        reactor.start();
        reactor.schedule(TICK_MILLIS, this);
        while (!isStopped) {
            try {
                reactor.process();
            } catch (RuntimeException e) {
                LOG.warn("The test server leaves out an event of its reactor that failed", e);
                reactor.collector().pop(); // or the same event would fail again and again
            }
        }
        reactor.stop();
        try {
            for (int i = 0; i < 10 && reactor.process(); i++) {}
        } catch (RuntimeException e) {
            LOG.debug("at the end", e);
        }
        reactor.free();
    }

    @Override
    public void onTimerTask(Event event) {
        try {
            tick();
        } finally {
            if (!isStopped) {
                reactor.schedule(TICK_MILLIS, this);
            }
        }
    }

    private void tick() {
        for (FutureTask<?> step = steps.poll(); step != null; step = steps.poll()) {
            step.run();
        }
        long now = System.nanoTime();
        for (Later due : List.copyOf(later)) {
            if (due.atNanos - now <= 0) {
                later.remove(due);
                due.step.run();
            }
        }
        onTick.run();
    }

    /** On the reactor's thread only. */
    void after(Duration time, Runnable step) {
        later.add(new Later(System.nanoTime() + time.toNanos(), step));
    }

    /** Has the reactor's thread take a step, and waits for it. */
    <T> T call(Callable<T> step) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("already on the reactor's thread");
        }
        FutureTask<T> task = new FutureTask<>(step);
        steps.add(task);
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the reactor's thread does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Listens on the port, or, with zero, on any; returns which. Not on the reactor's thread. */
    int listen(int port, BaseHandler connections) throws IOException {
        return Ports.listen(port, free -> {
            try {
                return call(() -> {
                    acceptor = reactor.acceptor("127.0.0.1", free, connections);
                    return free;
                });
            } catch (IllegalStateException e) {
                if (e.getCause() instanceof IOException taken) {
                    throw taken;
                }
                throw e;
            }
        });
    }

    /** On the reactor's thread only. */
    void stopListening() {
        if (acceptor != null) {
            acceptor.close();
            acceptor = null;
        }
    }

    void stop() {
        isStopped = true;
        reactor.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
