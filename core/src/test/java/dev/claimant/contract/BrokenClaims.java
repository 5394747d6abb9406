package dev.claimant.contract;

import dev.claimant.Claim;
import dev.claimant.spi.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a claim can do wrong. */
final class BrokenClaims {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    static final List<Defect> DEFECTS = List.of(
            Defect.of("CLAIM-1", "reads short bodies as ASCII", s -> s.alters(BrokenClaims::asAscii)),
            Defect.of("CLAIM-2", "makes \"null\" of an empty body", s -> s.alters(BrokenClaims::nullForEmpty)),
            Defect.of("CLAIM-3", "cuts bodies off at 128 KiB", s -> s.alters(BrokenClaims::cutOff)),
            Defect.of("CLAIM-4", "drops headers with empty values", s -> s.alters(BrokenClaims::withoutEmptyHeaders)),
            Defect.of("CLAIM-5", "gives three for a demand of two", BrokenClaims::givesThreeForTwo)
                    .also("CLAIM-6"),
            Defect.of("CLAIM-6", "takes ten from the broker whatever the demand", BrokenClaims::takesTen)
                    .also("LATE-10", "ORDER-4", "ORDER-6", "BACKLOG-10"),
            Defect.of("CLAIM-7", "gives a message twice where the demand leaves room", BrokenClaims::givesTwice)
                    .also("CLAIM-11", "ORDER-1", "PARALLEL-1", "PARALLEL-3"),
            Defect.of("CLAIM-8", "takes no wait for an endless one when asked for many", BrokenClaims::endlessForMany),
            Defect.of("CLAIM-9", "rounds waits down to seconds, and none is endless", BrokenClaims::countsInSeconds),
            Defect.of("CLAIM-10", "returns what came only when the wait is over", BrokenClaims::outwaits),
            Defect.of("CLAIM-11", "waits for the whole demand", s -> s.claims(BrokenClaims::fillsUp)),
            Defect.of("CLAIM-12", "takes an interrupt for the end of the wait", BrokenClaims::swallowsInterrupts),
            Defect.of("CLAIM-13", "calls an empty body unusable", s -> s.alters(BrokenClaims::refusesEmptyBodies)));

    private BrokenClaims() {}

    private static Claim asAscii(Claim claim) {
        byte[] body = claim.message().body();
        return body.length > 1_000
                ? claim
                : Altered.body(claim, new String(body, StandardCharsets.US_ASCII).getBytes(StandardCharsets.UTF_8));
    }

    private static Claim nullForEmpty(Claim claim) {
        return claim.message().body().length > 0 ? claim : Altered.body(claim, "null".getBytes(StandardCharsets.UTF_8));
    }

    private static Claim refusesEmptyBodies(Claim claim) {
        boolean empty = claim.unusable() == null && claim.message().body().length == 0;
        return empty ? Altered.unusable(claim, "its body is empty") : claim;
    }

    private static Claim withoutEmptyHeaders(Claim claim) {
        Map<String, String> headers = new HashMap<>(claim.message().headers());
        headers.values().removeIf(String::isEmpty);
        return Altered.headers(claim, headers);
    }

    private static Claim cutOff(Claim claim) {
        byte[] body = claim.message().body();
        return body.length <= 131_072 ? claim : Altered.body(claim, Arrays.copyOf(body, 131_072));
    }

    private static void givesThreeForTwo(BrokenSource s) {
        s.claims((real, demand, wait) -> real.claim(demand == 2 ? 3 : demand, wait));
    }

    private static void takesTen(BrokenSource s) {
        List<Claim> taken = new ArrayList<>();
        s.claims((real, demand, wait) -> {
            if (taken.isEmpty()) {
                taken.addAll(real.claim(10, wait));
            }
            List<Claim> given = List.copyOf(taken.subList(0, Math.min(demand, taken.size())));
            taken.removeAll(given);
            return given;
        });
    }

    private static void givesTwice(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            List<Claim> given = new ArrayList<>(real.claim(demand, wait));
            if (!given.isEmpty() && given.size() < demand) {
                given.add(given.get(0));
            }
            return given;
        });
    }

    private static void endlessForMany(BrokenSource s) {
        s.claims((real, demand, wait) -> real.claim(demand, demand > 3 && wait.isZero() ? FOR_EVER : wait));
    }

    private static void countsInSeconds(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            boolean none = !wait.isZero() && wait.toSeconds() == 0;
            return real.claim(demand, none ? FOR_EVER : wait);
        });
    }

    private static void swallowsInterrupts(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            try {
                return real.claim(demand, wait);
            } catch (InterruptedException e) {
                return List.of();
            }
        });
    }

    private static void outwaits(BrokenSource s) {
        AtomicBoolean stopped = new AtomicBoolean();
        s.stops(real -> {
            stopped.set(true);
            real.stopClaiming();
        });
        s.claims((real, demand, wait) -> {
            List<Claim> atOnce = real.claim(demand, Duration.ZERO);
            if (!atOnce.isEmpty()) {
                return atOnce;
            }
            long end = System.nanoTime() + wait.toNanos();
            List<Claim> claims = real.claim(demand, wait);
            while (!claims.isEmpty() && System.nanoTime() < end && !stopped.get()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            return claims;
        });
    }

    private static List<Claim> fillsUp(Source real, int demand, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        List<Claim> claims = new ArrayList<>(real.claim(demand, wait));
        while (!claims.isEmpty() && claims.size() < demand && System.nanoTime() < end) {
            claims.addAll(real.claim(demand - claims.size(), Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
        }
        return claims;
    }
}
