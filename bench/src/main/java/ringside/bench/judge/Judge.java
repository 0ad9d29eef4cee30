package ringside.bench.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ringside.bench.judge.Comparison.Role;
import ringside.bench.judge.Judgement.Basis;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Workload;

/// Says of a candidate and each metric whether it improved, regressed, is equivalent, or nobody knows.
///
/// ```
///  95 % interval:      |----x----|              p ≤ 0.05 after Holm, and the estimate x at or beyond the margin
///                0     ^margin                    → improved or regressed
///         |--x--|                               the 90 % interval within ± margin (two one-sided tests)
///   -margin  0  +margin                           → equivalent
///         |-------x-------|                     neither
///                                                 → inconclusive
/// ```
///
/// The rule is that of difference and equivalence testing at once (W. W. Tryon, Psychological Methods 6 (2001);
/// equivalence: D. J. Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987)), and asks in addition that what
/// is called a difference be one that matters. The chance that a candidate without any difference is called
/// improved or regressed in any metric is at most 5 %; that one which differs by the margin is called equivalent,
/// 5 % in each metric.
///
/// Verdicts follow from the samples and the seed alone. Any thread.
public final class Judge {

    /// Of a false alarm, over all metrics of a comparison.
    public static final double LEVEL = 0.05;

    private final long seed;

    /// @param seed of the bootstrap: that of the run
    public Judge(long seed) {
        this.seed = seed;
    }

    /// Two sides of one run: launches of the same block are pairs.
    ///
    /// @param floors what equal sides showed at this workload
    public Comparison compare(Workload workload, Sample baseline, Sample candidate, Floors floors) {
        return judge(workload, baseline, candidate, floors, Role.CANDIDATE);
    }

    /// The baseline and its twin.
    public Comparison control(Workload workload, Sample baseline, Sample twin) {
        return judge(workload, baseline, twin, Floors.NONE, Role.CONTROL);
    }

    /// Two sides that ran at different times: no launch of one is a pair with one of the other.
    public Comparison compareApart(Workload workload, Sample baseline, Sample candidate, Floors floors) {
        int blocks = baseline.launches().size();
        return judge(workload, baseline.apart(0), candidate.apart(blocks), floors, Role.CANDIDATE);
    }

    /// A side that didn't change, at two times: a verdict of improved or regressed says that the machine did.
    public Comparison controlApart(Workload workload, Sample before, Sample after) {
        return judge(workload, before.apart(0), after.apart(before.launches().size()), Floors.NONE, Role.CONTROL);
    }

    /// One metric of the side that is ahead, against one of those behind it. The leader was picked for being ahead,
    /// so that the level is shared out among all that it is held against (Bonferroni): the chance that a side is
    /// called the best which isn't, is at most that level.
    ///
    /// @param rivals how many sides the leader is held against
    /// @return improved: the leader is shown to be better
    public Judgement lead(Workload workload, Sample rival, Sample leader, Metric metric, Floors floors, int rivals) {
        Optional<Estimate> estimate = judged(metric, rival, leader)
                ? Estimator.of(rival, leader, metric, seedOf(workload, rival, leader, metric))
                : Optional.empty();
        Basis basis = estimate.isPresent()
                ? new Basis.Interval(
                        estimate.get(),
                        Math.max(estimate.get().p(), shared(rival, leader, metric, rivals)),
                        Estimator.superiority(
                                rival, leader, metric, estimate.get().design()))
                : basisWithoutInterval(rival, leader, metric);
        return judgement(metric, rival, leader, new Margin(metric.margin(), floors.of(metric)), basis);
    }

    /// By Student's t: see [Estimator#student].
    private static double shared(Sample rival, Sample leader, Metric metric, int rivals) {
        double p = Estimator.student(rival, leader, metric).map(Estimate::p).orElse(1.0);
        return Math.min(1, rivals * p);
    }

    private static boolean judged(Metric metric, Sample baseline, Sample candidate) {
        return !metric.isCount()
                && baseline.whyNot(metric, false).isEmpty()
                && candidate.whyNot(metric, false).isEmpty();
    }

    private Comparison judge(Workload workload, Sample baseline, Sample candidate, Floors floors, Role role) {
        List<Metric> metrics = Metric.all().stream()
                .filter(metric -> baseline.has(metric) || candidate.has(metric))
                .toList();
        List<Optional<Estimate>> estimates = new ArrayList<>();
        for (Metric metric : metrics) {
            estimates.add(
                    judged(metric, baseline, candidate)
                            ? Estimator.of(baseline, candidate, metric, seedOf(workload, baseline, candidate, metric))
                            : Optional.empty());
        }
        double[] adjusted = Holm.adjust(estimates.stream()
                .flatMap(Optional::stream)
                .mapToDouble(Estimate::p)
                .toArray());
        List<Judgement> judgements = new ArrayList<>();
        int tests = 0;
        for (int i = 0; i < metrics.size(); i++) {
            Metric metric = metrics.get(i);
            Optional<Estimate> estimate = estimates.get(i);
            Basis basis = estimate.isPresent()
                    ? new Basis.Interval(
                            estimate.get(),
                            adjusted[tests++],
                            Estimator.superiority(
                                    baseline, candidate, metric, estimate.get().design()))
                    : basisWithoutInterval(baseline, candidate, metric);
            judgements.add(
                    judgement(metric, baseline, candidate, new Margin(metric.margin(), floors.of(metric)), basis));
        }
        return new Comparison(workload, baseline.label(), candidate.label(), role, judgements);
    }

    private static Basis basisWithoutInterval(Sample baseline, Sample candidate, Metric metric) {
        Optional<String> whyNot =
                baseline.whyNot(metric, metric.isCount()).or(() -> candidate.whyNot(metric, metric.isCount()));
        if (whyNot.isPresent()) {
            return new Basis.Nothing(whyNot.get());
        }
        int before = baseline.values(metric).length;
        int after = candidate.values(metric).length;
        return metric.isCount()
                ? new Basis.Tolerance(before, after)
                : new Basis.Nothing("%d and %d launches have no known spread: at least two of each are needed"
                        .formatted(before, after));
    }

    private static Judgement judgement(Metric metric, Sample baseline, Sample candidate, Margin margin, Basis basis) {
        Measured before = baseline.value(metric);
        Measured after = candidate.value(metric);
        return switch (basis) {
            case Basis.Interval interval -> {
                Verdict verdict = verdict(metric, margin, interval);
                String reason = Reasons.of(verdict, margin, interval);
                yield new Judgement(metric, verdict, reason, before, after, margin, basis);
            }
            case Basis.Tolerance _ -> {
                Verdict verdict = verdict(metric, before.orElse(0), after.orElse(0));
                String reason = Reasons.ofCount(metric, verdict, before.orElse(0), after.orElse(0));
                yield new Judgement(metric, verdict, reason, before, after, margin, basis);
            }
            case Basis.Nothing(String why) ->
                new Judgement(metric, Verdict.INCONCLUSIVE, why, before, after, margin, basis);
        };
    }

    private static Verdict verdict(Metric metric, Margin margin, Basis.Interval interval) {
        Estimate estimate = interval.estimate();
        double limit = margin.log();
        if (interval.adjustedP() <= LEVEL && Math.abs(estimate.log()) >= limit) {
            return better(metric, estimate.log()) ? Verdict.IMPROVED : Verdict.REGRESSED;
        }
        boolean within =
                estimate.within90().low() > -limit && estimate.within90().high() < limit;
        return within && !margin.isTooWide() ? Verdict.EQUIVALENT : Verdict.INCONCLUSIVE;
    }

    /// Of a count: within the tolerance it is the same.
    private static Verdict verdict(Metric metric, double before, double after) {
        double difference = after - before;
        if (Math.abs(difference) <= Math.max(metric.margin() * before, metric.least())) {
            return Verdict.EQUIVALENT;
        }
        return better(metric, difference) ? Verdict.IMPROVED : Verdict.REGRESSED;
    }

    private static boolean better(Metric metric, double difference) {
        return difference < 0 == (metric.better() == Metric.Better.LOWER);
    }

    /// A stream of random numbers for each bootstrap, whatever else is judged. FNV-1a (G. Fowler, L. C. Noll, K.-P.
    /// Vo).
    private long seedOf(Workload workload, Sample baseline, Sample candidate, Metric metric) {
        String pace = switch (workload.load()) {
            case Load.Closed _ -> "closed";
            case Load.Open(double rate) -> "open " + rate;
        };
        String key = String.join(
                "\n",
                baseline.label(),
                candidate.label(),
                metric.id(),
                Long.toString(workload.fileBytes()),
                Integer.toString(workload.fileCount()),
                Integer.toString(workload.connections()),
                pace,
                workload.cache().name());
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return seed ^ hash;
    }
}
