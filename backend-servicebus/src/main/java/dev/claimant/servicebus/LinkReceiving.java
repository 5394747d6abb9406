package dev.claimant.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import dev.claimant.SourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One link, whose credit is what the worker asks for. Credit cannot be recalled, and a link that is closed while a message is on its way leaves
 * it locked for nobody.
 */
final class LinkReceiving implements Receiving, ReceivingLink.Receiver, LinkEnding.Link {

    private static final Logger LOG = LoggerFactory.getLogger(LinkReceiving.class);

    /** How long a link stays open after the stop, if the worker is not closed before: until then what it holds is settled without detours. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ServiceBusConfig config;
    private final Connections connections;
    private final Holding holding;
    private final DeliveryBuffer buffer;
    private final LockLength lockLength;
    private final Returning returning;
    private final Surplus surplus;
    private final LinkEnding ending;
    private final List<ReceivingLink> retired = new ArrayList<>();
    private @Nullable ReceivingLink link;

    /** Whether the last link was given up after the stop: what arrives all the same goes back at once. */
    private boolean isLinkDone;

    LinkReceiving(
            ServiceBusConfig config,
            Connections connections,
            Holding holding,
            DeliveryBuffer buffer,
            LockLength lockLength) {
        this.config = config;
        this.connections = connections;
        this.holding = holding;
        this.buffer = buffer;
        this.lockLength = lockLength;
        returning = Returning.ofLinks(config, connections);
        surplus = Surplus.of(buffer, this::giveBackTheLast);
        ending = new LinkEnding(config.requestTimeout, connections, buffer, this);
    }

    @Override
    public void open() {
        var unused = opened();
    }

    /**
     * Gives the link as much credit as is missing. Where it has too much, a new link has less. Not while messages come, or those on their way
     * to the old link would be locked for nobody.
     */
    @Override
    public void ask(int demand) {
        if (buffer.isStopped() || buffer.hasFailed()) {
            return;
        }
        buffer.wants(demand);
        surplus.watch();
        if (buffer.size() + opened().outstanding() > demand && buffer.probe.silentFor(LINGER)) {
            retireLink();
        }
        // Again and again: the SDK may hand over a message within the request, and it need not be one for this worker.
        // A link may also fail
        // within it, as where no token is to be had: then the claim does, and the next one opens another link.
        for (int missing = missing(demand); missing > 0 && !buffer.hasFailed(); missing = missing(demand)) {
            opened().request(missing);
        }
    }

    private int missing(int demand) {
        return demand - buffer.size() - opened().outstanding();
    }

    @Override
    public long nanosToNextAsk() {
        return Long.MAX_VALUE;
    }

    private ReceivingLink opened() {
        ReceivingLink open = link;
        if (open == null) {
            open = new ReceivingLink(connections.now().receiver(), this);
            link = open;
            open.open();
        }
        return open;
    }

    @Override
    public void openAnew() {
        retireLink();
    }

    private void retireLink() {
        ReceivingLink old = link;
        link = null;
        if (old != null) {
            old.cancel();
            retired.add(old);
        }
        retired.removeIf(done -> {
            boolean isNeeded = holding.needs(done.client) || buffer.holds(claim -> claim.link() == done.client);
            if (!isNeeded && done != old) {
                connections.now().close(done.client);
            }
            return !isNeeded && done != old;
        });
    }

    @Override
    public void arrived(ReceivingLink from, ServiceBusReceivedMessage message) {
        Messages.Read read = Messages.read(message, null);
        ServiceBusClaim claim = new ServiceBusClaim(
                read, message, from.client, connections, null, lockLength.endOf(message, System.nanoTime()));
        buffer.run(() -> {
            from.arrivedOne();
            buffer.probe.heard();
            if (Copies.isForAnother(message, config.entity.subscription())) {
                returning.complete(claim);
                buffer.signal(); // its credit is used up
            } else if (from != link && !buffer.isStopped()) {
                returning.giveBack(claim); // the link was given up, and its credit with it
            } else {
                buffer.add(claim);
                if (isLinkDone) {
                    giveBackAll();
                } else if (buffer.isStopped()) {
                    giveBackUnlessMoreMayCome();
                }
            }
        });
    }

    @Override
    public void broken(ReceivingLink from, @Nullable Throwable cause) {
        buffer.run(() -> {
            if (from == link) {
                buffer.failLink("receiving", config.entity, cause);
                retireLink();
            }
        });
    }

    // ---- the end

    /** Nothing goes back while the link has credit, or the same message would come here again and again. */
    @Override
    public void stop() {
        giveBackUnlessMoreMayCome();
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> buffer.run(ending::begin));
    }

    private void giveBackUnlessMoreMayCome() {
        if (!mayBringMore()) {
            giveBackAll();
        }
    }

    @Override
    public boolean mayBringMore() {
        return link != null && link.outstanding() > 0;
    }

    @Override
    public void end() {
        retireLink();
    }

    @Override
    public void giveBackAll() {
        isLinkDone = true;
        buffer.signal();
        retireLink();
        while (buffer.size() > 0) {
            giveBackTheLast();
        }
    }

    private void giveBackTheLast() {
        ServiceBusClaim claim = buffer.last();
        if (claim != null) {
            returning.giveBack(claim);
        }
    }

    @Override
    public void close() {
        awaitTheEnd();
        buffer.run(this::giveBackAll);
        awaitTheEndOfTheLink();
        returning.await(config.requestTimeout);
    }

    private void awaitTheEnd() {
        long deadline = System.nanoTime() + config.requestTimeout.toNanos();
        buffer.lock.lock();
        try {
            ending.begin();
            while (!isLinkDone && System.nanoTime() - deadline < 0) {
                buffer.await(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            buffer.lock.unlock();
        }
    }

    /** An answer on the same connection, to a question that was asked after the link's end: what was on its way has arrived by then. */
    private void awaitTheEndOfTheLink() {
        if (retired.isEmpty() || ending.isOver()) {
            return;
        }
        try {
            ServiceBusReceiverAsyncClient client = connections.now().looker();
            Answers.await(client.peekMessage(), "looking", config.entity, config.requestTimeout);
        } catch (SourceException e) {
            LOG.debug("the end of the link of '{}' is not confirmed", config.entity, e);
        }
    }
}
