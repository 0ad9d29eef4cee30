package ringside.bench.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Measured;
import ringside.bench.result.Surroundings;
import ringside.bench.result.Surroundings.Span;
import ringside.linux.CpuSet;
import ringside.linux.CpuTimes;
import ringside.linux.Kernel;
import ringside.linux.Pressure;
import ringside.linux.Reading;
import ringside.linux.SystemStat;

/// Looks at the machine around each trial's window and judges what it saw by a rule fixed beforehand.
///
/// ```
///  trial:        start … warm-up ─┬──── window ────┬─ drain ┬ start … warm-up ─┬─
///  looks:   ▲                     ▲                ▲        ▲                  ▲
///  spans:   └────── before ───────┴──── within ────┴─ after ┴───── before ─────┴─
/// ```
///
/// The looks lie outside of the window, next to its edges. Used by the thread of the trials, in the order
/// [#windowBegins()], [#windowEnds()], [#trialEnds()]; a trial that breaks off calls the last one only.
public final class Guard {

    private final Supplier<MachineLook> looking;
    private final GuardRule rule;
    private final CpuSet watched;
    private final int self;
    private Optional<MachineLook> last;
    private Optional<MachineLook> begin = Optional.empty();
    private Optional<MachineLook> end = Optional.empty();

    /// Takes its first look.
    ///
    /// @param watched the CPUs that trials run on
    public Guard(Kernel kernel, GuardRule rule, CpuSet watched) {
        this(
                () -> MachineLook.now(kernel, watched),
                rule,
                watched,
                Math.toIntExact(ProcessHandle.current().pid()));
    }

    /// @param self the process whose descendants, like itself, are the run's own
    Guard(Supplier<MachineLook> looking, GuardRule rule, CpuSet watched, int self) {
        this.looking = looking;
        this.rule = rule;
        this.watched = watched;
        this.self = self;
        this.last = look();
    }

    /// Watches the machine for a while.
    ///
    /// @param span shorter if the thread is interrupted, which it then still is
    public static Span watch(Kernel kernel, CpuSet watched, Duration span) {
        MachineLook from = MachineLook.now(kernel, watched);
        try {
            Thread.sleep(span);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return span(
                from,
                MachineLook.now(kernel, watched),
                Math.toIntExact(ProcessHandle.current().pid()),
                watched);
    }

    /// The window is about to begin.
    public void windowBegins() {
        begin = look();
    }

    /// The window has ended.
    public void windowEnds() {
        end = look();
    }

    private Optional<MachineLook> look() {
        return rule.mode() == GuardRule.Mode.OFF ? Optional.empty() : Optional.of(looking.get());
    }

    /// The trial's processes have ended.
    public Surroundings trialEnds() {
        Optional<MachineLook> now = look();
        Optional<MachineLook> before = last;
        last = now;
        if (now.isEmpty() || before.isEmpty()) {
            return Surroundings.unknown("the machine wasn't watched (--guard off)");
        }
        if (begin.isEmpty() || end.isEmpty()) {
            begin = Optional.empty();
            return Surroundings.unknown("the trial had no window");
        }
        MachineLook from = begin.get();
        MachineLook to = end.get();
        begin = Optional.empty();
        end = Optional.empty();
        Span within = span(from, to, self, watched);
        return new Surroundings(
                span(before.get(), from, self, watched),
                within,
                span(to, now.get(), self, watched),
                disturbances(within));
    }

    private static Span span(MachineLook from, MachineLook to, int self, CpuSet watched) {
        double seconds = (to.atNanos() - from.atNanos()) / 1e9;
        if (!(seconds > 0)) {
            return Span.unknown("no time passed");
        }
        Load load = Load.between(from, to, self, watched);
        return new Span(
                seconds,
                measured(load.cpus()),
                load.byName(),
                measured(stolen(from, to, seconds, watched)),
                pressure(from, to, Pressure.Resource.CPU, seconds),
                pressure(from, to, Pressure.Resource.IO, seconds),
                pressure(from, to, Pressure.Resource.MEMORY, seconds),
                measured(to.runnableTasks().map(Long::doubleValue)),
                measured(to.frequencyMegahertz()),
                measured(difference(from.throttleEvents(), to.throttleEvents())),
                Measured.of(Math.abs(to.wallMillis() - from.wallMillis() - seconds * 1e3)));
    }

    private static Reading<Double> stolen(MachineLook from, MachineLook to, double seconds, CpuSet watched) {
        Optional<SystemStat> begun = from.cpus().value();
        if (begun.isEmpty()) {
            return new Reading.Unmeasurable<>(from.cpus().whyMissing());
        }
        return to.cpus().map(stat -> {
            CpuTimes since = stat.of(watched).minus(begun.get().of(watched));
            double stolenSeconds = (double) since.steal() / SystemStat.ticksPerSecond();
            return Math.clamp(stolenSeconds / seconds / Math.max(1, watched.count()), 0, 1);
        });
    }

    private static Measured pressure(MachineLook from, MachineLook to, Pressure.Resource resource, double seconds) {
        Reading<Pressure> begun = from.pressure().getOrDefault(resource, new Reading.Unmeasurable<>("not read"));
        Reading<Pressure> ended = to.pressure().getOrDefault(resource, new Reading.Unmeasurable<>("not read"));
        Reading<Long> micros = difference(
                        begun.map(stall -> stall.some().totalMicros()),
                        ended.map(stall -> stall.some().totalMicros()))
                .map(Double::longValue);
        return measured(micros.map(value -> Math.clamp(value / 1e6 / seconds, 0, 1)));
    }

    private static Reading<Double> difference(Reading<Long> from, Reading<Long> to) {
        return from.isMeasured()
                ? to.map(value -> (double) Math.max(0, value - from.orThrow()))
                : new Reading.Unmeasurable<>(from.whyMissing());
    }

    private static Measured measured(Reading<Double> reading) {
        return reading.value()
                .map(value -> Measured.of(value))
                .orElseGet(() -> Measured.unmeasurable(reading.whyMissing()));
    }

    private List<String> disturbances(Span within) {
        List<String> sentences = new ArrayList<>();
        if (exceeds(within.othersCpus(), rule.othersCpusMost())) {
            sentences.add(percent(
                    "other programs used %s of a CPU%s; at most %s are allowed",
                    within.othersCpus(), named(within.othersByName()), rule.othersCpusMost()));
        }
        if (exceeds(within.stolenShare(), rule.stolenShareMost())) {
            sentences.add(percent(
                    "the hypervisor took %s of the CPUs' time%s; at most %s are allowed",
                    within.stolenShare(), "", rule.stolenShareMost()));
        }
        if (exceeds(within.memoryPressureShare(), rule.memoryPressureShareMost())) {
            sentences.add(percent(
                    "tasks waited for memory %s of the time%s; at most %s are allowed",
                    within.memoryPressureShare(), "", rule.memoryPressureShareMost()));
        }
        if (exceeds(within.throttleEvents(), rule.throttleEventsMost())) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "the CPUs were slowed down for their heat %.0f times",
                    within.throttleEvents().orElse(0)));
        }
        if (exceeds(within.clockJumpMillis(), rule.clockJumpMillisMost())) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "the wall clock moved %.0f ms other than the monotonic clock: it was set, or the machine was"
                            + " suspended",
                    within.clockJumpMillis().orElse(0)));
        }
        return sentences;
    }

    private static boolean exceeds(Measured measured, double most) {
        return measured instanceof Measured.Value(double value) && value > most;
    }

    private static String percent(String sentence, Measured share, String inBetween, double most) {
        return sentence.formatted(percent(share.orElse(0)), inBetween, percent(most));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    private static String named(Map<String, Double> byName) {
        return byName.isEmpty()
                ? ""
                : byName.entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(entry -> entry.getKey() + " " + percent(entry.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }
}
