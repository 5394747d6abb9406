package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.ConfigurationException;
import dev.claimant.Message;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Capabilities.Lock;
import dev.claimant.spi.Events;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/** The reference, on a clock that moves when a rule says so. */
final class InMemoryHarness implements Harness {

    private static final String UNUSABLE = "no handler can be given it";

    private final String name;
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE / 2);
    private final InMemoryQueue queue;
    private final Capabilities capabilities;
    private final IdentityHashMap<Source, InMemorySource> sources = new IdentityHashMap<>();
    private final Set<Source> open = new HashSet<>();
    private UnaryOperator<Source> outermost = UnaryOperator.identity();
    private Duration patience = Duration.ofSeconds(10);
    private final Set<Source> cut = new HashSet<>();
    private final Set<Source> muted = new HashSet<>();
    private final Set<String> unusable = new HashSet<>();
    private boolean isBroken;
    private boolean restarted;
    private int sent;

    InMemoryHarness(String name, Capabilities capabilities) {
        this(name, capabilities, InMemoryQueue::new);
    }

    InMemoryHarness(
            String name, Capabilities capabilities, BiFunction<Capabilities, LongSupplier, InMemoryQueue> newQueue) {
        this.name = name;
        this.capabilities = capabilities;
        this.queue = newQueue.apply(capabilities, now::get);
    }

    /** Puts something around every source from now on, and waits less long for what will never happen. */
    void breakSources(UnaryOperator<Source> around, Duration impatience) {
        isBroken = true;
        outermost = around;
        patience = impatience;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Source newSource() {
        InMemorySource memory = new InMemorySource(queue);
        Source source = outermost.apply(new Connected(memory));
        sources.put(source, memory);
        return source;
    }

    @Override
    public String send(Sending message) {
        String id = "m" + ++sent;
        queue.send(new Message(id, id, message.body(), message.headers(), null, message.orderingKey()));
        return id;
    }

    @Override
    public String sendUnusable() {
        String id = send(Sending.of(""));
        unusable.add(id);
        return id;
    }

    @Override
    public void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public long nanos() {
        return now.get();
    }

    @Override
    public List<DeadMessage> deadLetters() {
        return queue.deadLetters().stream()
                .map(dead -> new DeadMessage(
                        dead.claim().message().body(),
                        dead.reason(),
                        dead.claim().message().idempotencyKey()))
                .toList();
    }

    @Override
    public long scaler() {
        return queue.backlog().scaler();
    }

    /** For a source that ends its connection and nothing else. */
    void forgetConnection(Source outermost) {
        open.remove(inner(outermost));
    }

    @Override
    public int crowd() {
        return 31;
    }

    @Override
    public int connections() {
        return open.size();
    }

    boolean isCut(Source source) {
        return cut.contains(inner(source));
    }

    boolean isMuted(Source source) {
        return muted.contains(inner(source));
    }

    boolean wasRestarted() {
        return restarted;
    }

    /** All connections end; the messages stay. */
    @Override
    public void restart() {
        restarted = true;
        sources.values().forEach(InMemorySource::disconnect);
    }

    /** Nothing of this source's own can be wrong: a broken one gets something to report. */
    @Override
    public Misconfigured misconfigured() {
        if (!isBroken) {
            return Harness.super.misconfigured();
        }
        InMemorySource memory = new InMemorySource(queue);
        Source source = outermost.apply(new ForwardingSource(memory) {
            @Override
            public Capabilities open(Plan plan, Events events) {
                throw new ConfigurationException(List.of("queue: 'a' is not there", "lockLength: 0 s is too short"));
            }
        });
        sources.put(source, memory);
        return new Misconfigured(source, List.of("queue", "lockLength"));
    }

    @Override
    public void cut(Source source) {
        cut.add(inner(source));
        inner(source).unreachable(true);
    }

    @Override
    public void mute(Source source) {
        muted.add(inner(source));
        inner(source).losesAnswers(true);
    }

    @Override
    public void mend(Source source) {
        cut.remove(inner(source));
        muted.remove(inner(source));
        inner(source).unreachable(false);
        inner(source).losesAnswers(false);
    }

    @Override
    public void disconnect(Source source) {
        if (capabilities.lock() != Lock.CONNECTION) {
            throw new NotApplicable("locks end by the clock");
        }
        if (source instanceof BrokenSource broken && broken.keepsLocks) {
            broken.ledger.held().stream()
                    .filter(holder -> holder.source() == broken)
                    .limit(1)
                    .forEach(holder -> inner(source).expireLock(Altered.real(holder.claim())));
        } else {
            inner(source).disconnect();
        }
    }

    @Override
    public void endanger(Source source, List<Claim> claims, Duration finishWithin) {
        inner(source).endanger(claims.stream().map(Altered::real).toList(), finishWithin);
    }

    Capabilities capabilities() {
        return capabilities;
    }

    InMemorySource inner(Source source) {
        return Objects.requireNonNull(sources.get(source));
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public void close() {}

    /** Counts as a connection from open to close; takes altered claims for the real ones. */
    private final class Connected extends ForwardingSource {

        private final InMemorySource memory;

        Connected(InMemorySource memory) {
            super(memory);
            this.memory = memory;
        }

        @Override
        public Capabilities open(Plan plan, Events events) {
            Capabilities opened = super.open(plan, events);
            open.add(memory);
            return opened;
        }

        @Override
        public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
            return super.claim(demand, wait).stream()
                    .map(claim -> unusable.contains(claim.id()) ? Altered.unusable(claim, UNUSABLE) : claim)
                    .toList();
        }

        @Override
        public List<Verdict> renew(List<Claim> claims, Duration within) {
            return super.renew(claims.stream().map(Altered::real).toList(), within);
        }

        @Override
        public List<Verdict> settle(List<Settlement> settlements, Duration within) {
            return super.settle(
                    settlements.stream()
                            .map(settlement -> Altered.settlement(settlement, Altered.real(settlement.claim())))
                            .toList(),
                    within);
        }

        @Override
        public void close() {
            super.close();
            open.remove(memory);
        }
    }
}
