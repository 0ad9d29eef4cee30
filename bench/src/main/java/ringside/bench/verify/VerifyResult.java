package ringside.bench.verify;

import java.util.List;

/// What a verification has come to.
///
/// @param pairs those that were finished, in the order of the plan; of one that was interrupted, what it had come
///     to
/// @param interrupted whether it was ended before its time
public record VerifyResult(VerifyPlan plan, List<PairResult> pairs, boolean interrupted) {

    public VerifyResult {
        pairs = List.copyOf(pairs);
    }

    /// Whether a server of at least one pair started: with none, nothing is known of any engine.
    public boolean isAnythingChecked() {
        return pairs.stream().anyMatch(pair -> pair.outcome() instanceof PairResult.Checked);
    }

    /// Whether something was checked, and nothing was found.
    public boolean isGood() {
        return isAnythingChecked() && pairs.stream().allMatch(PairResult::isGood);
    }
}
