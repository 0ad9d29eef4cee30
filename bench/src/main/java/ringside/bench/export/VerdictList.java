package ringside.bench.export;

import java.util.ArrayList;
import java.util.List;
import ringside.bench.evidence.RunVerdicts;
import ringside.bench.gate.Finding;
import ringside.bench.gate.GateResult;
import ringside.bench.judge.Comparison;
import ringside.bench.judge.Judgement;
import ringside.bench.judge.Verdict;

/// Verdicts as the formats for people and CI servers want them, wherever they are from.
///
/// @param title of the whole
/// @param sentence the answer, before anything else
/// @param lines one a verdict
/// @param notes what a reader should know, a sentence each
public record VerdictList(String title, String sentence, List<Line> lines, List<String> notes) {

    /// @param verdict what counts, after confirmation
    /// @param remark what else is to be said; may be empty
    public record Line(Comparison comparison, Judgement judgement, Verdict verdict, String remark) {
        /// Reason and remark.
        String words() {
            return judgement.reason() + (remark.isEmpty() ? "" : "; " + remark);
        }
    }

    public VerdictList {
        lines = List.copyOf(lines);
        notes = List.copyOf(notes);
    }

    /// What a gate found.
    public static VerdictList of(String title, GateResult result) {
        List<Line> lines = new ArrayList<>();
        for (Finding finding : result.findings()) {
            lines.add(new Line(finding.comparison(), finding.judgement(), finding.verdict(), finding.remark()));
        }
        List<String> notes = new ArrayList<>(result.skipped());
        notes.addAll(result.notes());
        return new VerdictList(title, result.sentence(), lines, notes);
    }

    /// The sides of a run against its own baseline.
    public static VerdictList of(String title, RunVerdicts verdicts) {
        List<Line> lines = new ArrayList<>();
        for (Comparison comparison : verdicts.comparisons()) {
            if (comparison.role() == Comparison.Role.CANDIDATE) {
                for (Judgement judgement : comparison.judgements()) {
                    lines.add(new Line(comparison, judgement, judgement.verdict(), ""));
                }
            }
        }
        List<Verdict> all = lines.stream().map(Line::verdict).toList();
        String sentence = "against %s: %d improved, %d regressed, %d equivalent, %d inconclusive"
                .formatted(
                        verdicts.baseline().isEmpty() ? "nothing" : verdicts.baseline(),
                        count(all, Verdict.IMPROVED),
                        count(all, Verdict.REGRESSED),
                        count(all, Verdict.EQUIVALENT),
                        count(all, Verdict.INCONCLUSIVE));
        return new VerdictList(title, sentence, lines, verdicts.notes());
    }

    List<Line> with(Verdict verdict) {
        return lines.stream().filter(line -> line.verdict() == verdict).toList();
    }

    private static long count(List<Verdict> all, Verdict verdict) {
        return all.stream().filter(verdict::equals).count();
    }
}
