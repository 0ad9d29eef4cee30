package ringside.bench.judge;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.bench.result.Ledger;

/// A quantity that is judged.
///
/// The margins are what a reader would act on, not what can be measured: a difference below it is none.
///
/// @param id as in files and on command lines: `cpu`, `service-p99`, `count:system calls`
/// @param title as tables name it: `CPU per request`
/// @param unit of its value: `µs`, `requests/s`, `per request`
/// @param better which direction is good
/// @param source where its value comes from
/// @param margin the smallest relative difference that matters, above 0: 0.02 for 2 %
/// @param least of a count, the smallest absolute difference that matters; 0 for the others
public record Metric(String id, String title, String unit, Better better, Source source, double margin, double least) {

    /// Which direction is good.
    public enum Better {
        LOWER,
        HIGHER
    }

    /// Where the value of a launch comes from.
    public sealed interface Source {
        /// Requests per second.
        record Throughput() implements Source {}

        /// CPU time of the server's processes per request.
        record Cpu() implements Source {}

        /// Busy time of the server's CPUs per request.
        record CoreBusy() implements Source {}

        /// A percentile of a launch's histogram. That of a side is one of the merged histogram of its launches.
        ///
        /// @param response whether since the intended start, else since the request was written
        /// @param percent above 0, below 100
        record Percentile(boolean response, double percent) implements Source {}

        /// An entry of the ledger, per request.
        ///
        /// @param entry its name
        record Count(String entry) implements Source {}
    }

    private static final String COUNT = "count:";

    public static final Metric THROUGHPUT =
            new Metric("throughput", "throughput", "requests/s", Better.HIGHER, new Source.Throughput(), 0.02, 0);
    public static final Metric CPU =
            new Metric("cpu", "CPU per request", "µs", Better.LOWER, new Source.Cpu(), 0.02, 0);
    public static final Metric CORE_BUSY =
            new Metric("core-busy", "core busy per request", "µs", Better.LOWER, new Source.CoreBusy(), 0.03, 0);

    private static final List<Metric> SERVICE_TIMES = percentiles("service", false);
    private static final List<Metric> RESPONSE_TIMES = percentiles("response", true);

    /// Counts that follow from what the server asks of the kernel and of its heap, and hardly from how fast the machine
    /// is, where a window has thousands of requests: docs/decisions/0019.
    private static final List<Metric> STEADY_COUNTS = List.of(
            count(Ledger.SYSTEM_CALLS, "calls per request", 0.03, 0.02),
            count(Ledger.ALLOCATED_BYTES, "bytes per request", 0.03, 32),
            count(Ledger.PAGE_CACHE_INSERTS, "folios per request", 0.05, 0.02),
            count(Ledger.BLOCK_IOS, "per request", 0.05, 0.02),
            count(Ledger.DEVICE_BYTES, "bytes per request", 0.05, 64),
            count(Ledger.PUNTS, "per request", 0.1, 0.02));

    /// Counts that depend on who waits for whom, and so on the machine.
    private static final List<Metric> RESTLESS_COUNTS = List.of(
            count(Ledger.CONTEXT_SWITCHES, "per request", 0.25, 0.05),
            count(Ledger.MINOR_FAULTS, "per request", 0.25, 0.05),
            count(Ledger.MAJOR_FAULTS, "per request", 0.25, 0.02));

    public Metric {
        if (id.isBlank() || title.isBlank() || unit.isBlank()) {
            throw new IllegalArgumentException("a metric needs an id, a title and a unit");
        }
        if (!(margin > 0 && margin < 1) || !(least >= 0)) {
            throw new IllegalArgumentException(id + ": a margin of " + margin + " and " + least + " is none");
        }
    }

    /// What is judged of timed launches, in the order of reports.
    public static List<Metric> timed() {
        return Stream.of(List.of(THROUGHPUT, CPU, CORE_BUSY), SERVICE_TIMES, RESPONSE_TIMES)
                .flatMap(List::stream)
                .toList();
    }

    /// What is judged of ledger launches, in the order of reports.
    public static List<Metric> counts() {
        return Stream.concat(STEADY_COUNTS.stream(), RESTLESS_COUNTS.stream()).toList();
    }

    /// All of them.
    public static List<Metric> all() {
        return Stream.concat(timed().stream(), counts().stream()).toList();
    }

    /// @param id as in files
    public static Optional<Metric> byId(String id) {
        return all().stream().filter(metric -> metric.id().equals(id)).findFirst();
    }

    /// Whether it is a count of the ledger, judged by a tolerance instead of an interval.
    public boolean isCount() {
        return source instanceof Source.Count;
    }

    /// A count that hardly depends on how fast the machine is, so that results of two times can be held together.
    public boolean isSteadyCount() {
        return STEADY_COUNTS.contains(this);
    }

    private static List<Metric> percentiles(String times, boolean response) {
        return List.of(
                percentile(times, response, 50, 0.03),
                percentile(times, response, 90, 0.03),
                percentile(times, response, 99, 0.05),
                percentile(times, response, 99.9, 0.1));
    }

    private static Metric percentile(String times, boolean response, double percent, double margin) {
        String level = percent == Math.rint(percent)
                ? String.format(Locale.ROOT, "p%.0f", percent)
                : String.format(Locale.ROOT, "p%.1f", percent);
        return new Metric(
                times + "-" + level,
                level + " of " + times + " time",
                "µs",
                Better.LOWER,
                new Source.Percentile(response, percent),
                margin,
                0);
    }

    private static Metric count(String entry, String unit, double margin, double least) {
        return new Metric(COUNT + entry, entry, unit, Better.LOWER, new Source.Count(entry), margin, least);
    }
}
