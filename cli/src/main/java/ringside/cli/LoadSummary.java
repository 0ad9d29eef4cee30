package ringside.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalDouble;
import picocli.CommandLine.Help.Ansi;
import ringside.bench.report.Words;
import ringside.loadtest.GeneratorCost;
import ringside.loadtest.LatencySummary;
import ringside.loadtest.LoadErrors;
import ringside.loadtest.LoadReport;

/// A load report for a person: numbers first, then what went wrong, then whether the generator was the limit.
final class LoadSummary {

    private LoadSummary() {}

    static void print(PrintStream out, Ansi ansi, LoadReport report) {
        if (!report.complete()) {
            out.println(ansi.string("@|yellow stopped early|@: these are the numbers of the part that was measured"));
        }
        out.printf(
                Locale.ROOT,
                "%,d requests in %.2f s: %,.0f req/s, %,.1f MB/s%n",
                report.requests(),
                report.measuredSeconds(),
                report.requestsPerSecond(),
                report.megabytesPerSecond());
        out.printf("%-14s %9s %9s %9s %9s %9s%n", "latency, µs", "p50", "p90", "p99", "p99.9", "max");
        latency(out, "service", report.serviceTime());
        report.responseTime().ifPresent(times -> latency(out, "response", times));
        report.sendLag().ifPresent(times -> latency(out, "send lag", times));
        errors(out, ansi, report.errors());
        GeneratorCost cost = report.generator();
        out.printf(
                Locale.ROOT,
                "checked: every length, %s by CRC-32C; generator: %s µs CPU per request, loops %.0f %%" + " busy%n",
                Words.count(report.bodiesChecked(), "body", "bodies"),
                value("%.2f", cost.loopCpuNanosPerRequest(), 1e3),
                cost.loopBusyShare() * 100);
        out.println(
                report.limit().generatorBound()
                        ? ansi.string("@|yellow the generator is the limit|@: ")
                                + report.limit().sentence()
                        : report.limit().sentence());
    }

    private static void latency(PrintStream out, String name, LatencySummary times) {
        out.printf(
                "%-14s %9s %9s %9s %9s %9s%n",
                name,
                value("%,.0f", times.p50Micros(), 1),
                value("%,.0f", times.p90Micros(), 1),
                value("%,.0f", times.p99Micros(), 1),
                value("%,.0f", times.p999Micros(), 1),
                value("%,.0f", times.maxMicros(), 1));
    }

    /// What can't be told is a dash.
    private static String value(String format, OptionalDouble value, double divisor) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble() / divisor) : "–";
    }

    private static void errors(PrintStream out, Ansi ansi, LoadErrors errors) {
        if (errors.total() == 0) {
            out.println("no errors");
            return;
        }
        out.println(ansi.string("@|red " + errors.total() + " errors|@:"));
        kind(out, errors.connect(), "connections that couldn't be opened");
        kind(out, errors.timeout(), "requests without a whole answer in time");
        kind(out, errors.reset(), "connections reset");
        kind(out, errors.shortBody(), "connections closed before the answer was whole");
        kind(out, errors.status1xx(), "answers with status 1xx");
        kind(out, errors.status3xx(), "answers with status 3xx");
        kind(out, errors.status4xx(), "answers with status 4xx");
        kind(out, errors.status5xx(), "answers with status 5xx");
        kind(out, errors.wrongLength(), "answers of the wrong length");
        kind(out, errors.wrongChecksum(), "bodies with wrong bytes");
        kind(out, errors.malformed(), "answers that aren't HTTP");
        kind(out, errors.queueOverflow(), "requests never sent: the queue of waiting requests was full");
    }

    private static void kind(PrintStream out, long count, String what) {
        if (count > 0) {
            out.printf(Locale.ROOT, "  %,d %s%n", count, what);
        }
    }
}
