package ringside.bench.steady;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import ringside.bench.result.WarmUpRule;

/// Tells, interval by interval, whether a launch that is being warmed up has come to its steady state.
///
/// ```
///  throughput   ▁▁▃▅▆▇▇█▇█▇█▇██            steady: the last level has held for some intervals,
///  compilers    ████▇▅▃▂▁▁ ▁   ▁                   the compilers are done, the collectors do no more and no less
///               └ changes ┘└ held ┘
/// ```
///
/// 1. The series of the logarithms of the throughput (in an open loop, whose throughput is given, of the median time)
///    is cut into stretches of one level ([ChangePoints]); neighbours within the rule's tolerance are one. The last
///    stretch has at least [WarmUpRule#heldIntervals()] intervals.
/// 2. Over so many intervals, the last ones, the server's compilers used at most [WarmUpRule#compilingShareMost()] of
///    its CPU time, and its collectors' share differs by [WarmUpRule#collectingChangeMost()] at most between their
///    halves. Of a server that is no JVM there is nothing to be seen.
/// 3. The generator's compilers likewise: what it takes in a second decides how long a server is idle, and that what a
///    request costs (kernel-notes/wake-ups.md).
///
/// Change points by launch, rather than a fixed number of rounds, are what Barrett, Bolz-Tereick, Killick, Mount, Tratt
/// ("Virtual Machine Warmup Blows Hot and Cold", OOPSLA 2017) found to tell steady states from none; that some launches
/// never get there, and that one can't be dropped or waited for in silence, is theirs too, and Kalibera's and Jones's
/// ("Rigorous Benchmarking in Reasonable Time", ISMM 2013).
///
/// Used by one thread.
public final class SteadyState {

    /// Noise is taken for at least this, as a difference of logarithms: counts of a tenth of a second have that much.
    private static final double NOISE_LEAST = 0.005;

    /// A series is judged by so many of its last intervals.
    private static final int LOOKED_AT_MOST = 200;

    /// What a JVM did in an interval beside its work.
    ///
    /// @param compilingNanos CPU time of its compilers
    /// @param collectingNanos CPU time of its garbage collectors
    /// @param cpuNanos CPU time of the whole process
    public record JvmActivity(double compilingNanos, double collectingNanos, double cpuNanos) {}

    private static final JvmActivity UNKNOWN = new JvmActivity(0, 0, 0);

    private record Interval(double endSeconds, double logLevel, JvmActivity server, JvmActivity generator) {}

    private final WarmUpRule rule;
    private final List<Interval> intervals = new ArrayList<>();
    private double elapsedSeconds;
    private boolean jvm;

    public SteadyState(WarmUpRule rule) {
        this.rule = rule;
    }

    /// @param seconds length of the interval, above 0
    /// @param level throughput, or median time; an interval in which nothing was answered counts as a thousandth
    /// @param server absent where the server is no JVM, or where that can't be told
    /// @param generator absent where that can't be told
    public void add(double seconds, double level, Optional<JvmActivity> server, Optional<JvmActivity> generator) {
        elapsedSeconds += seconds;
        jvm |= server.isPresent();
        intervals.add(new Interval(
                elapsedSeconds, Math.log(Math.max(1e-3, level)), server.orElse(UNKNOWN), generator.orElse(UNKNOWN)));
        if (intervals.size() > LOOKED_AT_MOST) {
            intervals.removeFirst();
        }
    }

    /// How long the series is.
    public double elapsedSeconds() {
        return elapsedSeconds;
    }

    /// Whether all conditions hold now.
    public boolean isSteady() {
        return intervals.size() >= rule.heldIntervals()
                && heldIntervals() >= rule.heldIntervals()
                && !(compiling() > rule.compilingShareMost())
                && !(generatorCompiling() > rule.compilingShareMost())
                && !(collectingChange() > rule.collectingChangeMost());
    }

    /// Share of the server's CPU time that its compilers used over the rule's intervals, the last ones; absent where
    /// that isn't known.
    public OptionalDouble compilingShare() {
        double share = compiling();
        return Double.isNaN(share) ? OptionalDouble.empty() : OptionalDouble.of(share);
    }

    /// What was seen, half a sentence for a record.
    public String describe() {
        if (intervals.size() < rule.heldIntervals()) {
            return String.format(
                    Locale.ROOT, "only %d intervals were seen, %d are needed", intervals.size(), rule.heldIntervals());
        }
        int held = heldIntervals();
        String level = String.format(
                Locale.ROOT,
                "the level has held for %.1f s, within %.0f %%",
                elapsedSeconds - heldSince(held),
                100 * rule.tolerance());
        String compilers = jvm
                ? Double.isNaN(compiling())
                        ? ", what the compilers did isn't known"
                        : String.format(Locale.ROOT, ", compilers used %.1f %% of the CPU time", 100 * compiling())
                : "";
        String generator = generatorCompiling() > rule.compilingShareMost()
                ? String.format(Locale.ROOT, ", the generator's %.1f %% of its own", 100 * generatorCompiling())
                : "";
        String collectors = collectingChange() > rule.collectingChangeMost()
                ? String.format(
                        Locale.ROOT, ", the collectors' share still changed by %.0f %%", 100 * collectingChange())
                : "";
        return level + compilers + generator + collectors;
    }

    private double heldSince(int held) {
        int first = intervals.size() - held;
        return first == 0 ? 0 : intervals.get(first - 1).endSeconds;
    }

    private int heldIntervals() {
        double[] levels = intervals.stream().mapToDouble(Interval::logLevel).toArray();
        double noise = ChangePoints.noise(levels, NOISE_LEAST);
        return ChangePoints.last(ChangePoints.stretches(ChangePoints.withoutStrays(levels), noise), rule.tolerance())
                .length();
    }

    private double compiling() {
        return compiling(Interval::server);
    }

    private double generatorCompiling() {
        return compiling(Interval::generator);
    }

    private double compiling(Function<Interval, JvmActivity> of) {
        return share(intervals.size() - rule.heldIntervals(), intervals.size(), of, JvmActivity::compilingNanos);
    }

    private double collectingChange() {
        int end = intervals.size();
        int middle = end - rule.heldIntervals() / 2;
        return Math.abs(share(middle, end, Interval::server, JvmActivity::collectingNanos)
                - share(end - rule.heldIntervals(), middle, Interval::server, JvmActivity::collectingNanos));
    }

    /// Of the CPU time of some intervals; not a number when none is known, as of a server that is no JVM: then the
    /// level alone decides.
    private double share(int begin, int end, Function<Interval, JvmActivity> of, ToDoubleFunction<JvmActivity> part) {
        double nanos = 0;
        double all = 0;
        for (Interval interval : intervals.subList(Math.max(0, begin), end)) {
            JvmActivity activity = of.apply(interval);
            nanos += part.applyAsDouble(activity);
            all += activity.cpuNanos;
        }
        return nanos / all;
    }
}
