package dev.claimant;

import dev.claimant.spi.Capabilities;
import dev.claimant.spi.Events;
import dev.claimant.spi.Plan;
import dev.claimant.spi.Settlement;
import dev.claimant.spi.Source;
import dev.claimant.spi.Verdict;
import java.time.Duration;
import java.util.List;

/** A source that never waits for a message: virtual time would not pass meanwhile. */
class ImpatientSource implements Source {

    private final Source source;

    ImpatientSource(Source source) {
        this.source = source;
    }

    @Override
    public Capabilities open(Plan plan, Events events) {
        return source.open(plan, events);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return source.claim(demand, Duration.ZERO);
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        return source.renew(claims, within);
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        return source.settle(settlements, within);
    }

    @Override
    public void stopClaiming() {
        source.stopClaiming();
    }

    @Override
    public Backlog backlog() {
        return source.backlog();
    }

    @Override
    public void close() {
        source.close();
    }
}
