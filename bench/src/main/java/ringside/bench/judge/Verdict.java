package ringside.bench.judge;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;

/// What can be said of a candidate against its baseline.
public enum Verdict {
    /// Better: a difference is shown, and it is at least as large as the margin.
    @JsonProperty("improved")
    IMPROVED,
    /// Worse: a difference is shown, and it is at least as large as the margin.
    @JsonProperty("regressed")
    REGRESSED,
    /// Shown to differ by less than the margin.
    @JsonProperty("equivalent")
    EQUIVALENT,
    /// Neither is shown. It isn't a pass: nobody knows.
    @JsonProperty("inconclusive")
    INCONCLUSIVE;

    /// Of several metrics as one: the worst that is known, then what isn't known, then the best.
    ///
    /// @return regressed as soon as one is; else inconclusive as soon as one is, or when there is none; else
    ///     improved as soon as one is; else equivalent
    public static Verdict overall(Collection<Verdict> verdicts) {
        if (verdicts.contains(REGRESSED)) {
            return REGRESSED;
        }
        if (verdicts.contains(INCONCLUSIVE) || verdicts.isEmpty()) {
            return INCONCLUSIVE;
        }
        return verdicts.contains(IMPROVED) ? IMPROVED : EQUIVALENT;
    }

    /// As it stands in files and on command lines: `regressed`.
    public String id() {
        return switch (this) {
            case IMPROVED -> "improved";
            case REGRESSED -> "regressed";
            case EQUIVALENT -> "equivalent";
            case INCONCLUSIVE -> "inconclusive";
        };
    }

    @Override
    public String toString() {
        return id();
    }
}
