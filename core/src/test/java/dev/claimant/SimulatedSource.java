package dev.claimant;

import dev.claimant.memory.InMemoryQueue;
import dev.claimant.memory.InMemorySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A source whose calls take time: others get on meanwhile, before and after the call has its effect, and its answers may get lost. */
final class SimulatedSource extends ImpatientSource {

    private final Simulation simulation;
    final InMemorySource memory;
    boolean cutOff;
    boolean losesAnswers;

    /** Where it would fail in order, it fails with an Error and leaves its thread interrupted. */
    boolean throwsErrors;

    SimulatedSource(Simulation simulation, InMemoryQueue queue) {
        this(simulation, new InMemorySource(queue));
    }

    private SimulatedSource(Simulation simulation, InMemorySource memory) {
        super(memory);
        this.simulation = simulation;
        this.memory = memory;
    }

    @Override
    public List<Claim> claim(int demand, Duration wait) throws InterruptedException {
        simulation.othersGetOn();
        if (cutOff) {
            failWithAnErrorIfToldTo();
            throw new SourceException("cut off", null);
        }
        List<Claim> claims = super.claim(demand, wait);
        simulation.keepFinding(() -> simulation.laws.handedOut(claims, demand));
        simulation.othersGetOn();
        return claims;
    }

    @Override
    public List<Verdict> renew(List<Claim> claims, Duration within) {
        simulation.othersGetOn();
        List<Verdict> verdicts = cutOff ? unknown(claims.size()) : super.renew(claims, within);
        simulation.othersGetOn();
        return losesAnswers ? unknown(claims.size()) : verdicts;
    }

    @Override
    public List<Verdict> settle(List<Settlement> settlements, Duration within) {
        simulation.othersGetOn();
        if (cutOff) {
            return unknown(settlements.size());
        }
        List<Verdict> verdicts = super.settle(settlements, within);
        simulation.keepFinding(() -> simulation.laws.settledAtTheSource(settlements, verdicts));
        simulation.othersGetOn();
        return losesAnswers ? unknown(settlements.size()) : verdicts;
    }

    private void failWithAnErrorIfToldTo() {
        if (throwsErrors) {
            Thread.currentThread().interrupt();
            throw new NoClassDefFoundError("a defect in the source");
        }
    }

    private List<Verdict> unknown(int size) {
        failWithAnErrorIfToldTo();
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            verdicts.add(Verdict.UNKNOWN);
        }
        return verdicts;
    }
}
