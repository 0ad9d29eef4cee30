package ringside.bench.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.compare.RunComparison;
import ringside.bench.gate.GateResult.Answer;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Metric;
import ringside.bench.judge.Verdict;

/// Decides whether a run passes. No I/O: the comparison is made, and a confirmation run, if there is one, comes as a
/// second comparison.
///
/// | a metric | says | after confirmation |
/// |---|---|---|
/// | equivalent, improved | pass | |
/// | regressed | regressed | what the second run says; regressed where there is none, with the reason |
/// | inconclusive | inconclusive | |
/// | unmeasurable on either side | inconclusive, or left out with a sentence ([GateRule#skipUnmeasurable]) | |
/// | a point of the baseline that the run lacks | inconclusive | |
///
/// Yardsticks (peers that didn't change) aren't gated. The answer is the worst of all: regressed, then inconclusive,
/// then pass.
public final class Gate {

    private final GateRule rule;
    private final RunComparison comparison;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /// @param comparison of the baseline with the run that is brought
    public Gate(GateRule rule, RunComparison comparison) {
        this.rule = rule;
        this.comparison = comparison;
        for (Comparison point : comparison.comparisons()) {
            if (point.role() == Comparison.Role.CONTROL) {
                continue;
            }
            for (Metric metric : rule.metrics()) {
                point.of(metric).ifPresent(judgement -> look(point, judgement));
            }
        }
    }

    private void look(Comparison point, Judgement judgement) {
        if (rule.skipUnmeasurable() && judgement.isUnmeasurable()) {
            String sentence = judgement.metric().title() + " isn't gated: " + judgement.reason();
            if (!skipped.contains(sentence)) {
                skipped.add(sentence);
            }
        } else {
            findings.add(new Finding(point, judgement, Optional.empty(), ""));
        }
    }

    /// The points whose regressions ask for a second look.
    public List<Comparison> suspects() {
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.REGRESSED)
                .map(Finding::comparison)
                .distinct()
                .toList();
    }

    /// Takes the second run's word for what the first called a regression.
    ///
    /// @param second the baseline against the second run
    public void confirm(RunComparison second) {
        findings.replaceAll(finding -> {
            if (finding.verdict() != Verdict.REGRESSED) {
                return finding;
            }
            Optional<Judgement> again = second.comparisons().stream()
                    .filter(other -> other.candidate()
                                    .equals(finding.comparison().candidate())
                            && other.workload().equals(finding.comparison().workload()))
                    .findFirst()
                    .flatMap(other -> other.of(finding.judgement().metric()));
            return again.map(finding::confirmed)
                    .orElseGet(() -> finding.remarked("not confirmed: the second run has no such point"));
        });
    }

    /// That there is no second run, and why.
    public void unconfirmed(String why) {
        findings.replaceAll(finding -> finding.verdict() == Verdict.REGRESSED
                ? finding.remarked("not confirmed by a second run: " + why)
                : finding);
    }

    public GateResult result() {
        List<String> notes = new ArrayList<>(comparison.notes());
        comparison.onlyOld().forEach(point -> notes.add("The baseline has " + point + ", the run doesn't."));
        comparison.onlyNow().forEach(point -> notes.add("The run has " + point + ", the baseline doesn't: not gated."));
        return new GateResult(answer(), findings, skipped, notes);
    }

    private Answer answer() {
        List<Verdict> verdicts = findings.stream().map(Finding::verdict).toList();
        if (verdicts.contains(Verdict.REGRESSED) || (rule.failOnImproved() && verdicts.contains(Verdict.IMPROVED))) {
            return Answer.REGRESSED;
        }
        boolean nothing = findings.isEmpty() && skipped.isEmpty();
        boolean open =
                verdicts.contains(Verdict.INCONCLUSIVE) || !comparison.onlyOld().isEmpty();
        return nothing || open ? Answer.INCONCLUSIVE : Answer.PASS;
    }
}
