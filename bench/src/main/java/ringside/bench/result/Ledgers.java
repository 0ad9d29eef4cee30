package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;

/// The ledger trials of a run, and what counting cost.
///
/// @param overhead what counting cost
/// @param trials in order of execution
public record Ledgers(LedgerOverhead overhead, List<LedgerTrial> trials) {

    /// Of a run without.
    public static final Ledgers NONE = new Ledgers(LedgerOverhead.NONE, List.of());

    public Ledgers {
        trials = List.copyOf(trials);
    }

    /// @param timing the trials without counters
    public static Ledgers of(List<LedgerTrial> trials, List<Trial> timing) {
        return trials.isEmpty() ? NONE : new Ledgers(LedgerOverhead.of(trials, timing), trials);
    }

    @JsonIgnore
    public boolean isEmpty() {
        return trials.isEmpty();
    }

    /// What was counted at a point; empty when it wasn't, or in no valid trial.
    public Optional<Ledger> at(Side side, Workload workload) {
        return trials.stream()
                .filter(counted -> counted.trial().isValid()
                        && counted.trial().side().equals(side)
                        && counted.trial().workload().equals(workload))
                .map(LedgerTrial::ledger)
                .findFirst();
    }
}
