package dev.claimant.sample.hello;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import dev.claimant.RetryLater;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Greets for as long as was asked. */
public final class HelloHandler implements Handler {

    private static final Logger log = LoggerFactory.getLogger(HelloHandler.class);

    @Override
    public void handle(Claim claim) throws PermanentFailure, InterruptedException {
        String later = claim.message().headers().get(HelloSender.LATER);
        if (later != null && claim.attempt() - claim.expiredLocks() == 1) {
            throw new RetryLater(seconds(HelloSender.LATER, later), "whom to greet is not there yet");
        }
        String length = claim.message().headers().getOrDefault(HelloSender.SECONDS, "0");
        Thread.sleep(seconds(HelloSender.SECONDS, length).toMillis());
        log.info("{}!", claim.text());
    }

    private static Duration seconds(String header, String seconds) throws PermanentFailure {
        try {
            return Duration.ofSeconds(Integer.parseUnsignedInt(seconds));
        } catch (NumberFormatException e) {
            throw new PermanentFailure("header " + header + ": nobody can greet for " + seconds + " seconds");
        }
    }
}
