package ringside.bench.gate;

import java.util.List;
import ringside.bench.judge.Verdict;

/// What the gate says.
///
/// @param answer pass, fail, or nobody knows
/// @param findings of all metrics that were looked at
/// @param skipped metrics that were left out since they can't be measured here, a sentence each
/// @param notes what a reader should know, a sentence each
public record GateResult(Answer answer, List<Finding> findings, List<String> skipped, List<String> notes) {

    /// One word for a CI.
    public enum Answer {
        /// Nothing got worse, and that is shown for every metric.
        PASS(0, "pass"),
        /// Something got worse.
        REGRESSED(1, "regressed"),
        /// Nothing is shown to be worse, but of something it isn't shown that it isn't.
        INCONCLUSIVE(2, "inconclusive");

        private final int exitCode;
        private final String word;

        Answer(int exitCode, String word) {
            this.exitCode = exitCode;
            this.word = word;
        }

        public int exitCode() {
            return exitCode;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public GateResult {
        findings = List.copyOf(findings);
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }

    /// Those with this verdict, after confirmation.
    public List<Finding> with(Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).toList();
    }

    /// The answer as a sentence.
    public String sentence() {
        int looked = findings.size();
        return switch (answer) {
            case PASS ->
                looked == 0
                        ? "pass: nothing could be measured here, so nothing was gated"
                        : "pass: none of %d verdicts is a regression (%d improved, %d equivalent)"
                                .formatted(
                                        looked,
                                        with(Verdict.IMPROVED).size(),
                                        with(Verdict.EQUIVALENT).size());
            case REGRESSED ->
                "regressed: %d of %d verdicts%s"
                        .formatted(
                                with(Verdict.REGRESSED).size(),
                                looked,
                                with(Verdict.REGRESSED).isEmpty()
                                        ? " differ from the baseline for the better, which this gate doesn't let pass:"
                                                + " make the baseline anew"
                                        : "");
            case INCONCLUSIVE ->
                looked == 0
                        ? "inconclusive: there was nothing to judge"
                        : "inconclusive: no regression is shown, but %d of %d verdicts are open"
                                .formatted(with(Verdict.INCONCLUSIVE).size(), looked);
        };
    }
}
