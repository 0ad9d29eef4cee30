package ringside.bench.gate;

import java.util.Optional;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Verdict;

/// One metric of one point at the gate.
///
/// @param comparison whose
/// @param judgement of the run that was brought
/// @param again of the confirmation run; empty when there was none for it
/// @param remark what else is to be said, a sentence; may be empty
public record Finding(Comparison comparison, Judgement judgement, Optional<Judgement> again, String remark) {

    /// What counts: a regression that a second run doesn't show again counts as what the second run says.
    public Verdict verdict() {
        return again.map(Judgement::verdict).orElse(judgement.verdict());
    }

    Finding confirmed(Judgement second) {
        String said = second.verdict() == judgement.verdict()
                ? "a second run says the same: " + second.reason()
                : "a second run says " + second.verdict() + ": " + second.reason();
        return new Finding(comparison, judgement, Optional.of(second), said);
    }

    Finding remarked(String sentence) {
        return new Finding(comparison, judgement, again, sentence);
    }
}
