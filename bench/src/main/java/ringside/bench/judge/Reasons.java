package ringside.bench.judge;

import java.util.Locale;
import ringside.bench.judge.Estimate.Limits;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.result.Measured;

/// Why a verdict is what it is, a sentence without its subject.
final class Reasons {

    private Reasons() {}

    static String of(Verdict verdict, Margin margin, Basis.Interval interval) {
        Estimate estimate = interval.estimate();
        String numbers = "%s, 95 %% interval %s to %s (%s)"
                .formatted(
                        percent(estimate.log()),
                        percent(estimate.within95().low()),
                        percent(estimate.within95().high()),
                        launches(estimate));
        return switch (verdict) {
            case IMPROVED, REGRESSED -> numbers;
            case EQUIVALENT -> numbers + ": shown to be within " + plain(margin);
            case INCONCLUSIVE -> numbers + ": " + open(margin, interval);
        };
    }

    static String ofCount(Metric metric, Verdict verdict, double before, double after) {
        String numbers = String.format(Locale.ROOT, "%.3f instead of %.3f %s", after, before, metric.unit());
        return verdict == Verdict.EQUIVALENT
                ? String.format(
                        Locale.ROOT,
                        "%s: within the tolerance of %.0f %% or %s",
                        numbers,
                        100 * metric.margin(),
                        number(metric.least()))
                : numbers;
    }

    private static String open(Margin margin, Basis.Interval interval) {
        Estimate estimate = interval.estimate();
        boolean shown = interval.adjustedP() <= Judge.LEVEL;
        if (shown && Math.abs(estimate.log()) >= margin.log()) {
            throw new IllegalArgumentException("that is no open question");
        }
        Limits within = estimate.within90();
        if (interval.isShownOnlyAlone()) {
            return "the interval leaves out 0, but as one metric of many that isn't enough (p %.2f after Holm); more launches may tell"
                    .formatted(interval.adjustedP());
        }
        if (margin.isTooWide()) {
            return "two equal sides differ by %s here, which leaves nothing to be called equivalent"
                    .formatted(plain(margin));
        }
        if (shown) {
            return "there is a difference, but not shown to be as large as " + plain(margin) + ", nor to be smaller";
        }
        double wider = Math.max(Math.abs(within.low()), Math.abs(within.high()));
        return wider < margin.log()
                ? "not shown to differ"
                : "neither a difference nor equivalence within %s is shown; more launches may tell"
                        .formatted(plain(margin));
    }

    private static String launches(Estimate estimate) {
        return switch (estimate.design()) {
            case PAIRED -> estimate.candidateLaunches() + " pairs";
            case UNPAIRED -> estimate.baselineLaunches() + " and " + estimate.candidateLaunches() + " launches";
        };
    }

    private static String plain(Margin margin) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * margin.relative())
                + (margin.floor() instanceof Measured.Value(double floor) && floor > margin.own()
                        ? " (what the A/A arm shows)"
                        : "");
    }

    /// `+5.1 %` of a log-ratio.
    private static String percent(double log) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * (StrictMath.exp(log) - 1))
                .replace('-', '−');
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
