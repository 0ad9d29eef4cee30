package ringside.bench.judge;

import ringside.bench.result.Measured;

/// The verdict on one metric, with all that led to it.
///
/// @param metric what is judged
/// @param verdict improved, regressed, equivalent, inconclusive
/// @param reason a sentence: the numbers that decided, or what is missing
/// @param baseline value of the baseline: percentiles of its merged histogram, else the geometric mean of its launches
///     (of counts their mean)
/// @param candidate the same of the candidate
/// @param margin below which no difference counts
/// @param basis what the verdict rests on
public record Judgement(
        Metric metric,
        Verdict verdict,
        String reason,
        Measured baseline,
        Measured candidate,
        Margin margin,
        Basis basis) {

    /// What a verdict rests on.
    public sealed interface Basis {

        /// An estimate over launches.
        ///
        /// @param adjustedP by Holm over the metrics of the comparison
        /// @param superiority probability that the candidate is the better one of two launches, 0 to 1
        record Interval(Estimate estimate, double adjustedP, double superiority) implements Basis {

            /// Whether the 95 % interval leaves out that there is no difference, and yet none is shown: one metric of
            /// many does that by chance.
            public boolean isShownOnlyAlone() {
                return adjustedP > Judge.LEVEL
                        && (estimate.within95().low() > 0 || estimate.within95().high() < 0);
            }
        }

        /// Counts of the ledger, of which launches are few and differ little: a tolerance takes the interval's place.
        ///
        /// @param baselineLaunches in which it was counted
        /// @param candidateLaunches likewise
        record Tolerance(int baselineLaunches, int candidateLaunches) implements Basis {}

        /// There is nothing to judge by.
        ///
        /// @param why a clause
        record Nothing(String why) implements Basis {}
    }

    public Judgement {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a verdict needs a reason");
        }
        if (basis instanceof Basis.Nothing && verdict != Verdict.INCONCLUSIVE) {
            throw new IllegalArgumentException("a verdict of " + verdict + " needs a basis");
        }
    }

    /// Candidate / baseline; unmeasurable when either is, or when the baseline is 0.
    public Measured ratio() {
        return switch (basis) {
            case Basis.Interval(Estimate estimate, double _, double _) -> Measured.of(estimate.ratio());
            case Basis.Tolerance _ -> {
                double before = baseline.orElse(0);
                yield before == 0
                        ? Measured.unmeasurable("the baseline's count is 0")
                        : Measured.of(candidate.orElse(0) / before);
            }
            case Basis.Nothing(String why) -> Measured.unmeasurable(why);
        };
    }

    /// Whether there was no number at all to judge by on either side, so that the machine is to blame and not the
    /// candidate.
    public boolean isUnmeasurable() {
        return !baseline.isKnown() || !candidate.isKnown();
    }
}
