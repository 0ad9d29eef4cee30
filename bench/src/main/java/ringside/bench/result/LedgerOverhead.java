package ringside.bench.result;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What counting costs: ledger trials against the timing trials of the same points.
///
/// @param points where both can be compared
/// @param cpu CPU per request of the server, counted / the median of the launches without counters
/// @param rate requests per second, likewise
/// @param timingSpread range of CPU per request over the launches without counters / their median, the median over
///     the points: what two launches differ by without any counter
public record LedgerOverhead(int points, Ratio cpu, Ratio rate, Measured timingSpread) {

    /// Over the points.
    public record Ratio(Measured median, Measured min, Measured max) {

        static Ratio unmeasurable(String why) {
            Measured unknown = Measured.unmeasurable(why);
            return new Ratio(unknown, unknown, unknown);
        }

        private static Ratio of(List<Measured> ratios) {
            return switch (Spread.of(ratios)) {
                case Spread.Over over ->
                    new Ratio(Measured.of(over.median()), Measured.of(over.min()), Measured.of(over.max()));
                case Spread.Unknown(String why) -> unmeasurable(why);
            };
        }
    }

    static final LedgerOverhead NONE = unmeasurable("nothing was counted");

    public LedgerOverhead {
        Require.notNegative("points", points);
    }

    static LedgerOverhead of(List<LedgerTrial> counted, List<Trial> timing) {
        List<Measured> cpu = new ArrayList<>();
        List<Measured> rate = new ArrayList<>();
        List<Measured> spread = new ArrayList<>();
        for (LedgerTrial ledger : counted) {
            List<Measurements> others = timing.stream()
                    .filter(trial -> trial.isValid() && isSamePoint(trial, ledger.trial()))
                    .flatMap(trial -> trial.measurements().stream())
                    .toList();
            if (ledger.trial().isValid() && !others.isEmpty()) {
                Measurements with = ledger.trial().measurements().orElseThrow();
                compare(with, others, m -> m.server().cpuMicrosPerRequest(), cpu);
                compare(with, others, m -> Measured.of(m.requestsPerSecond()), rate);
                Spread costs = Spread.of(others.stream()
                        .map(m -> m.server().cpuMicrosPerRequest())
                        .toList());
                if (costs instanceof Spread.Over over && over.launches() > 1) {
                    spread.add(Measured.of(over.relativeRange()));
                }
            }
        }
        if (cpu.isEmpty() && rate.isEmpty()) {
            return unmeasurable("no point has a valid trial with counters and one without");
        }
        Measured usual = Spread.of(spread) instanceof Spread.Over over
                ? Measured.of(over.median())
                : Measured.unmeasurable("there is no point with two launches");
        return new LedgerOverhead(rate.size(), Ratio.of(cpu), Ratio.of(rate), usual);
    }

    private static void compare(
            Measurements with,
            List<Measurements> others,
            Function<Measurements, Measured> quantity,
            List<Measured> ratios) {
        if (quantity.apply(with) instanceof Measured.Value(double value)
                && Spread.of(others.stream().map(quantity).toList()) instanceof Spread.Over over
                && over.median() > 0) {
            ratios.add(Measured.of(value / over.median()));
        }
    }

    private static boolean isSamePoint(Trial a, Trial b) {
        return a.side().equals(b.side()) && a.workload().equals(b.workload());
    }

    private static LedgerOverhead unmeasurable(String why) {
        return new LedgerOverhead(0, Ratio.unmeasurable(why), Ratio.unmeasurable(why), Measured.unmeasurable(why));
    }
}
