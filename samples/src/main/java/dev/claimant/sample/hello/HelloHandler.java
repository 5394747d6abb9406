package dev.claimant.sample.hello;

import dev.claimant.Claim;
import dev.claimant.Handler;
import dev.claimant.PermanentFailure;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Greets for as long as was asked. */
public final class HelloHandler implements Handler {

    private static final Logger log = LoggerFactory.getLogger(HelloHandler.class);

    @Override
    public void handle(Claim claim) throws PermanentFailure, InterruptedException {
        Thread.sleep(duration(claim).toMillis());
        log.info("{}!", claim.text());
    }

    private static Duration duration(Claim claim) throws PermanentFailure {
        String seconds = claim.message().headers().getOrDefault(HelloSender.SECONDS, "0");
        try {
            return Duration.ofSeconds(Integer.parseUnsignedInt(seconds));
        } catch (NumberFormatException e) {
            throw new PermanentFailure(
                    "header " + HelloSender.SECONDS + ": nobody can greet for " + seconds + " seconds");
        }
    }
}
