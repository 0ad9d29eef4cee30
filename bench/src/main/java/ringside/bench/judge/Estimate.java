package ringside.bench.judge;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How far apart two sides are: the mean log-ratio candidate / baseline over launches, with its interval.
///
/// @param design how launches were set against each other
/// @param method how the interval was made
/// @param baselineLaunches that were used
/// @param candidateLaunches that were used
/// @param log natural logarithm of the ratio of the geometric means
/// @param within95 the 95 % interval of it
/// @param within90 the 90 % interval of it, with which equivalence is tested
/// @param p of the hypothesis that there is no difference, two-sided
public record Estimate(
        Design design,
        Method method,
        int baselineLaunches,
        int candidateLaunches,
        double log,
        Limits within95,
        Limits within90,
        double p) {

    /// How launches are set against each other.
    public enum Design {
        /// Launch against launch of the same block.
        @JsonProperty("paired")
        PAIRED,
        /// All launches of one side against all of the other.
        @JsonProperty("unpaired")
        UNPAIRED
    }

    /// How an interval is made.
    public enum Method {
        /// Student's t on the log-ratios (Welch's when unpaired): of few launches.
        @JsonProperty("student-t")
        STUDENT_T,
        /// Bias-corrected and accelerated bootstrap over launches, no limit nearer than Student's: of many.
        @JsonProperty("bca")
        BCA
    }

    /// An interval of log-ratios.
    public record Limits(double low, double high) {
        public Limits {
            if (!(low <= high)) {
                throw new IllegalArgumentException("an interval from " + low + " to " + high);
            }
        }

        Limits hull(Limits other) {
            return new Limits(Math.min(low, other.low), Math.max(high, other.high));
        }

        public double ratioLow() {
            return StrictMath.exp(low);
        }

        public double ratioHigh() {
            return StrictMath.exp(high);
        }
    }

    public Estimate {
        if (!Double.isFinite(log) || !(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("a log-ratio of " + log + " with p " + p + " is none");
        }
    }

    /// Each limit the farther one of the two, and the larger p.
    ///
    /// @param other of the same launches
    Estimate noNarrowerThan(Estimate other) {
        return new Estimate(
                design,
                method,
                baselineLaunches,
                candidateLaunches,
                log,
                within95.hull(other.within95),
                within90.hull(other.within90),
                Math.max(p, other.p));
    }

    /// Geometric mean of the candidate over that of the baseline.
    public double ratio() {
        return StrictMath.exp(log);
    }
}
