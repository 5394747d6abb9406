package dev.claimant.contract;

import java.util.List;
import java.util.stream.Stream;

/** A defect for each rule. */
final class BrokenSources {

    static final List<Defect> ALL = Stream.of(
                    BrokenClaims.DEFECTS,
                    BrokenLocks.DEFECTS,
                    BrokenLatecomers.DEFECTS,
                    BrokenEvents.DEFECTS,
                    BrokenSettlements.DEFECTS,
                    BrokenReturns.DEFECTS,
                    BrokenDead.DEFECTS,
                    BrokenOrder.DEFECTS,
                    BrokenReservations.DEFECTS,
                    BrokenClosing.DEFECTS,
                    BrokenOutages.DEFECTS,
                    BrokenConcurrency.DEFECTS,
                    BrokenCounts.DEFECTS)
            .flatMap(List::stream)
            .toList();

    private BrokenSources() {}
}
