package dev.claimant.sample;

import dev.claimant.Claim;
import dev.claimant.Settlement;
import dev.claimant.Verdict;
import dev.claimant.WorkerListener;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line when a message comes and one when it goes; for messages as long and as few as claps, that is not too much. */
final class Chronicle implements WorkerListener {

    private static final Logger log = LoggerFactory.getLogger("claimant-sample");

    @Override
    public void claimed(Claim claim) {
        log.info("claimed {}", claim);
    }

    @Override
    public void settled(Settlement settlement, Verdict verdict) {
        String kind = settlement.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        log.info("{} {}: {}", kind, verdict, settlement.claim());
    }
}
