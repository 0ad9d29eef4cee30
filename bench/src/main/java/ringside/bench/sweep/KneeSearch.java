package ringside.bench.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Objective;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Trial;

/// The search for the highest rate at which one side holds a latency objective.
///
/// ```
///  closed loop: C requests/s      the end of the scale: no open loop should get more answers than that
///  0 ─────────────────────── C·1.05
///                    C·0.8     first, since most knees are near the end; then the middle of what is left;
///                              each rate is tried until two trials agree (at most three);
///        holds ──► go up       what holds raises the floor, what doesn't lowers the ceiling
///        fails ──► go down     until floor and ceiling are within 5 %
/// ```
///
/// Where all holds up to the end, the scale grows: a launch that gave the closed loop's rate may have been a slow one.
///
/// A trial holds when it is valid and its response time, since the intended start, keeps the objective. One in which
/// the rate wasn't reached doesn't hold, whoever's fault it was; when it was the generator's, the result says so. One
/// that the machine disturbed says nothing about the rate and is tried again, as long as there aren't too many of them.
///
/// Where it stands follows from the trials alone: a search goes on after an interruption as it would have.
///
/// @param objective what is to be held
/// @param precision floor and ceiling this close, as a share of the ceiling, end the search
/// @param capacity requests per second in a closed loop; empty before that is known
/// @param floor highest rate that held; 0 while none has
/// @param ceiling lowest rate that didn't hold; while there is none, the end of the scale
/// @param ceilingTried whether a rate didn't hold
/// @param generatorLimited whether the ceiling is the generator's, in every trial that speaks for it
/// @param failures trials that gave no measurement
/// @param disturbed trials that the machine disturbed
/// @param trials all of the search, in order of execution
public record KneeSearch(
        Objective objective,
        double precision,
        OptionalDouble capacity,
        double floor,
        double ceiling,
        boolean ceilingTried,
        boolean generatorLimited,
        int failures,
        int disturbed,
        List<Trial> trials) {

    /// Of the closed loop's rate: the end of the scale.
    private static final double HEADROOM = 1.05;

    /// A server that holds the objective at less than this share of its capacity isn't searched any further down.
    private static final double LEAST_SHARE = 1.0 / 64;

    /// Of the closed loop's rate: the first that is tried.
    private static final double FIRST_SHARE = 0.8;

    private static final double GROWTH = 1.5;

    /// And who holds so many times as much is asked for no more: what that measures isn't the server.
    private static final double MOST_SHARE = 4;

    private static final int VOTES = 2;
    private static final int FAILURES_MAX = 3;
    private static final int DISTURBED_MAX = 8;

    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);

    public KneeSearch {
        trials = List.copyOf(trials);
        if (!(precision > 0 && precision < 1)) {
            throw new IllegalArgumentException("a search that ends at " + precision + " of the ceiling never ends");
        }
    }

    /// What to try next.
    public sealed interface Step {
        /// A closed loop, for the end of the scale.
        record Capacity() implements Step {}

        /// An open loop.
        record Rate(double perSecond) implements Step {}

        /// The search is over.
        ///
        /// @param sentence what was found
        record Done(String sentence) implements Step {}
    }

    /// @param trials of one side at one workload, but for the load, in order of execution
    public static KneeSearch of(Objective objective, double precision, List<Trial> trials) {
        OptionalDouble capacity = OptionalDouble.empty();
        int failures = 0;
        int disturbed = 0;
        Map<Double, Votes> votes = new TreeMap<>();
        for (Trial trial : trials) {
            if (trial.measurements().isEmpty()) {
                failures++;
            } else if (trial.isDisturbed()) {
                disturbed++;
            } else if (trial.workload().load() instanceof Load.Open(double rate)) {
                votes.computeIfAbsent(rate, _ -> new Votes()).add(objective, trial);
            } else if (trial.isValid()) {
                capacity = OptionalDouble.of(trial.measurements().get().requestsPerSecond());
            } else {
                failures++;
            }
        }
        double floor = 0;
        double ceiling = Double.POSITIVE_INFINITY;
        boolean tried = false;
        boolean limited = false;
        for (Map.Entry<Double, Votes> rate : votes.entrySet()) {
            if (rate.getValue().holds >= VOTES && rate.getKey() < ceiling) {
                floor = Math.max(floor, rate.getKey());
            } else if (rate.getValue().fails >= VOTES && rate.getKey() < ceiling) {
                ceiling = rate.getKey();
                tried = true;
                limited = rate.getValue().limited == rate.getValue().fails;
            }
        }
        if (!tried) {
            double scale = capacity.orElse(0) * HEADROOM;
            ceiling = floor < scale * (1 - precision) ? scale : floor * GROWTH;
        }
        return new KneeSearch(
                objective, precision, capacity, floor, ceiling, tried, limited, failures, disturbed, trials);
    }

    private static final class Votes {
        private int holds;
        private int fails;
        private int limited;

        void add(Objective objective, Trial trial) {
            boolean held = trial.outcome() instanceof Outcome.Valid(Measurements measurements)
                    && objective.holds(measurements.responseTime());
            if (held) {
                holds++;
            } else {
                fails++;
                limited += isGenerators(trial) ? 1 : 0;
            }
        }

        /// The generator didn't send what it was to send.
        private static boolean isGenerators(Trial trial) {
            return trial.measurements()
                    .map(measurements -> measurements.generator().limited().isYes())
                    .orElse(false);
        }
    }

    public Step next() {
        if (failures >= FAILURES_MAX) {
            return new Step.Done("ended after %d trials without a measurement: %s".formatted(failures, lastReason()));
        }
        if (disturbed >= DISTURBED_MAX) {
            return new Step.Done(
                    "ended after %d trials that the machine disturbed: %s".formatted(disturbed, between()));
        }
        if (capacity.isEmpty()) {
            return new Step.Capacity();
        }
        if ((ceilingTried && ceiling - floor <= precision * ceiling)
                || ceiling < capacity.getAsDouble() * LEAST_SHARE
                || floor >= capacity.getAsDouble() * MOST_SHARE) {
            return new Step.Done(sentence());
        }
        boolean first = floor == 0 && !ceilingTried;
        double rate = rounded(first ? FIRST_SHARE * capacity.getAsDouble() : (floor + ceiling) / 2);
        return rate > floor && rate < ceiling ? new Step.Rate(rate) : new Step.Done(sentence());
    }

    /// How many trials there are still to come, about.
    public int trialsLeft() {
        return switch (next()) {
            case Step.Done _ -> 0;
            case Step.Capacity _ -> BenchPlan.KNEE_TRIALS_USUAL;
            case Step.Rate(double rate) -> {
                double share = (ceiling - floor) / (precision * ceiling);
                long tried = trials.stream()
                        .filter(trial -> !trial.isDisturbed()
                                && trial.workload().load() instanceof Load.Open(double of)
                                && of == rate)
                        .count();
                int halvings = (int) Math.ceil(Math.log(share) / Math.log(2));
                yield Math.max(1, VOTES * Math.max(1, halvings) - (int) tried);
            }
        };
    }

    /// Where the search stands: `between 20,000 and 40,000 requests/s`.
    String between() {
        return capacity.isEmpty()
                ? "no rate was tried"
                : "between %,.0f and %,.0f requests/s".formatted(floor, ceiling);
    }

    /// `holds p99<5ms at 52,300 requests/s (p99 1.21 ms), not at 54,000 (p99 12.0 ms)`.
    private String sentence() {
        String limit = objective.text();
        if (floor == 0) {
            return "doesn't hold %s at any rate that was tried, down to %,.0f requests/s%s"
                    .formatted(limit, ceiling, shown(ceiling));
        }
        String held = "holds %s at %,.0f requests/s%s".formatted(limit, floor, shown(floor));
        if (!ceilingTried) {
            return held
                    + ", the highest rate that was tried, and %.1f times what it answers in a closed loop (%,.0f)"
                            .formatted(floor / capacity.orElse(0), capacity.orElse(0));
        }
        return held
                + ", not at %,.0f%s".formatted(ceiling, shown(ceiling))
                + (generatorLimited ? "; there the generator was the limit, so that the server may hold more" : "");
    }

    /// The percentile at a rate: of its trial in the middle.
    private String shown(double rate) {
        double[] micros = trials.stream()
                .filter(trial -> trial.workload().load() instanceof Load.Open(double of) && of == rate)
                .flatMap(trial -> trial.measurements().stream())
                .map(measurements -> objective.of(measurements.responseTime()))
                .filter(Measured::isKnown)
                .mapToDouble(measured -> measured.orElse(0))
                .sorted()
                .toArray();
        return micros.length == 0
                ? ""
                : " (%s %s)".formatted(objective.percentile().text(), time(micros[micros.length / 2]));
    }

    private static String time(double micros) {
        return micros < 1000 ? "%.0f µs".formatted(micros) : "%.2f ms".formatted(micros / 1000);
    }

    private String lastReason() {
        return trials.stream()
                .filter(trial -> !trial.isValid())
                .reduce((_, last) -> last)
                .flatMap(Trial::reason)
                .orElse("");
    }

    private static double rounded(double rate) {
        return new BigDecimal(rate).round(THREE_DIGITS).doubleValue();
    }
}
