package ringside.bench.report;

import java.util.Locale;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Spread;
import ringside.bench.result.Workload;

/// Numbers and workloads as people read them: three significant digits, binary units for sizes, the same in
/// every report.
public final class Words {
    /// What stands where a number is unknown; the reason is given below the table.
    public static final String UNKNOWN = "–";

    private static final long KIB = 1024;

    private Words() {}

    public static String size(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = -1;
        while (value >= KIB && unit < units.length - 1) {
            value /= KIB;
            unit++;
        }
        return significant(value) + " " + units[unit];
    }

    static String files(Workload workload) {
        return (workload.sizesDiffer() ? "mixed sizes, mean " : "") + size(workload.fileBytes());
    }

    /// `1 KiB · 64 connections · hot cache · closed loop`.
    public static String title(Workload workload) {
        return files(workload) + " · " + connections(workload) + " · "
                + workload.cache().name().toLowerCase(Locale.ROOT) + " cache · " + load(workload.load());
    }

    /// `1 KiB, 64 conn., hot, closed`.
    public static String brief(Workload workload) {
        String pace = workload.load() instanceof Load.Open(double rate) ? rate(rate) + "/s" : "closed";
        return "%s, %d conn., %s, %s"
                .formatted(
                        files(workload),
                        workload.connections(),
                        workload.cache().name().toLowerCase(Locale.ROOT),
                        pace);
    }

    /// `At 1 KiB (64 connections, hot)`.
    public static String at(Workload workload) {
        String pace = workload.load() instanceof Load.Open(double rate) ? ", " + rate(rate) + " requests/s" : "";
        return "At %s (%s, %s%s)"
                .formatted(
                        files(workload),
                        connections(workload),
                        workload.cache().name().toLowerCase(Locale.ROOT),
                        pace);
    }

    static String load(Load load) {
        return switch (load) {
            case Load.Closed _ -> "closed loop";
            case Load.Open(double rate) -> "open loop, " + rate(rate) + " requests/s";
        };
    }

    /// What the percentile columns hold.
    static String times(Load load) {
        return switch (load) {
            case Load.Closed _ -> "service time";
            case Load.Open _ -> "response time since the intended start";
        };
    }

    /// Three significant digits, no exponent, no trailing zeros after a whole number of a size.
    public static String significant(double value) {
        double shown = Math.abs(value);
        if (shown == Math.rint(shown) && shown < 1000) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return digits(value);
    }

    /// Three significant digits with their zeros, as in a column: `6.20`, `62.0`, `620`.
    public static String digits(double value) {
        double shown = Math.abs(value);
        if (shown < 9.995) {
            return String.format(Locale.ROOT, "%.2f", value);
        }
        return String.format(Locale.ROOT, shown < 99.95 ? "%.1f" : "%.0f", value);
    }

    /// With a unit that keeps it short: `412 µs`, `1.23 ms`, `2.50 s`.
    static String time(double micros) {
        if (micros < 999.5) {
            return digits(micros) + " µs";
        }
        return micros < 999_500 ? digits(micros / 1e3) + " ms" : digits(micros / 1e6) + " s";
    }

    /// The same for a tick of an axis, whose value is round: `10 µs`, `3 ms`.
    static String tick(double micros) {
        if (micros < 999.5) {
            return significant(micros) + " µs";
        }
        return micros < 999_500 ? significant(micros / 1e3) + " ms" : significant(micros / 1e6) + " s";
    }

    public static String rate(double perSecond) {
        return perSecond < 100 ? significant(perSecond) : String.format(Locale.ROOT, "%,.0f", perSecond);
    }

    static String time(Measured micros) {
        return micros instanceof Measured.Value(double value) ? time(value) : UNKNOWN;
    }

    static String median(Spread spread) {
        return spread instanceof Spread.Over over ? digits(over.median()) : UNKNOWN;
    }

    static String medianRate(Spread spread) {
        return spread instanceof Spread.Over over ? rate(over.median()) : UNKNOWN;
    }

    static String range(Spread spread) {
        return spread instanceof Spread.Over over ? digits(over.min()) + "–" + digits(over.max()) : UNKNOWN;
    }

    static String rangeOfRates(Spread spread) {
        return spread instanceof Spread.Over over ? rate(over.min()) + "–" + rate(over.max()) : UNKNOWN;
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 10 ? "%.2f×" : "%.1f×", ratio);
    }

    /// `1 launch`, `3,000 launches`.
    public static String count(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    /// Control characters, which could steer a terminal or break XML, become U+FFFD.
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean bad = Character.isISOControl(c)
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.FORMAT
                    || c == 0xFFFE
                    || c == 0xFFFF;
            printable.appendCodePoint(bad ? 0xFFFD : c);
        });
        return printable.toString();
    }

    private static String connections(Workload workload) {
        return count(workload.connections(), "connection", "connections");
    }
}
