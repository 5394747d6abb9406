package dev.claimant;

import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.List;

/** A source that never waits for a message: virtual time would not pass meanwhile. */
class ImpatientSource extends ForwardingSource {

    ImpatientSource(Source source) {
        super(source);
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        return super.claim(demand, Duration.ZERO);
    }
}
