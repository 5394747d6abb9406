package dev.claimant.contract;

import static dev.claimant.Verdict.APPLIED;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.Settlement.DeadLetter;
import dev.claimant.Settlement.Release;
import dev.claimant.Verdict;
import dev.claimant.contract.Ledger.Holder;
import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.LooseOrder;
import dev.claimant.spi.Capabilities.Ordering;
import dev.claimant.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What can be wrong with order per key. */
final class BrokenOrder {

    static final List<Defect> DEFECTS = List.of(
            Defect.of("ORDER-1", "gives a batch in reverse", BrokenOrder::reversed),
            Defect.of("ORDER-2", "keeps the key to itself", BrokenOrder::withoutKey),
            loose("ORDER-3", "lets others overtake a message that is held", LooseOrder.WHILE_HELD),
            loose("ORDER-4", "lets others overtake a message that is delayed", LooseOrder.WHILE_DELAYED),
            loose("ORDER-5", "lets others overtake a message that is reserved", LooseOrder.WHILE_RESERVED),
            Defect.of(
                    "ORDER-6",
                    "puts what was released behind its successor",
                    s -> successorsFirst(s, claim -> claim.delivery() > claim.attempt())),
            Defect.of(
                    "ORDER-7",
                    "puts what outlived its lock behind its successor",
                    s -> successorsFirst(s, claim -> claim.expiredLocks() > 0)),
            Defect.of("ORDER-8", "stops a key for good when a message of it dies", BrokenOrder::stopsTheKey),
            Defect.of("ORDER-9", "has one lane for all keys", BrokenOrder::hasOneLane),
            Defect.of(
                    "ORDER-10",
                    "keeps an order that it does not declare",
                    s -> s.declares(c -> c.with(all -> all.ordering(Ordering.NONE)))));

    private BrokenOrder() {}

    private static Defect loose(String rule, String what, LooseOrder order) {
        return Defect.of(rule, what, s -> {})
                .on(() -> new InMemoryHarness(what, InMemoryQueue.allCapabilities(), order::queue));
    }

    private static void reversed(BrokenSource s) {
        s.claims((real, demand, wait) -> {
            List<Claim> claims = new ArrayList<>(real.claim(demand, wait));
            Collections.reverse(claims);
            return claims;
        });
    }

    private static void withoutKey(BrokenSource s) {
        s.alters(claim -> {
            Message m = claim.message();
            return Altered.message(
                    claim, new Message(m.id(), m.idempotencyKey(), m.body(), m.headers(), m.enqueuedAt(), null));
        });
    }

    private static void successorsFirst(BrokenSource s, Predicate<Claim> which) {
        s.claims((real, demand, wait) -> {
            List<Claim> claims = real.claim(demand, wait);
            if (claims.isEmpty() || !which.test(claims.get(0))) {
                return claims;
            }
            List<Claim> successors = real.claim(demand, Duration.ZERO);
            return successors.isEmpty() ? claims : handBack(real, claims, successors);
        });
    }

    private static void stopsTheKey(BrokenSource s) {
        Set<String> stopped = new HashSet<>();
        s.settlesEach((one, ask) -> {
            Verdict verdict = ask.get();
            if (one instanceof DeadLetter && verdict == APPLIED) {
                stopped.add(String.valueOf(one.claim().message().orderingKey()));
            }
            return verdict;
        });
        s.claims((real, demand, wait) -> without(
                real,
                real.claim(demand, wait),
                claim -> stopped.contains(claim.message().orderingKey())));
    }

    private static void hasOneLane(BrokenSource s) {
        s.claims((real, demand, wait) -> without(
                real,
                real.claim(demand, wait),
                claim -> s.ledger.held().stream()
                        .map(Holder::claim)
                        .map(held -> held.message().orderingKey())
                        .filter(Objects::nonNull)
                        .anyMatch(key -> !key.equals(claim.message().orderingKey()))));
    }

    private static List<Claim> without(Source real, List<Claim> claims, Predicate<Claim> which) {
        List<Claim> back = claims.stream().filter(which).toList();
        return handBack(real, back, claims.stream().filter(which.negate()).toList());
    }

    private static List<Claim> handBack(Source real, List<Claim> back, List<Claim> kept) {
        real.settle(List.copyOf(back.stream().map(Release::new).toList()), Duration.ofSeconds(1));
        return kept;
    }
}
