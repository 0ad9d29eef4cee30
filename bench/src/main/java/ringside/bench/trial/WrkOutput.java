package ringside.bench.trial;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What wrk(1) 4.x prints at its end.
///
/// @param seconds how long it ran by its own clock, with the precision that it prints
/// @param requests whole answers
/// @param readBytes heads and bodies, with the three digits that wrk prints
/// @param requestsPerSecond by its own, finer clock
/// @param errors by kind: `connect`, `read`, `write`, `timeout`, `status`; empty when none
record WrkOutput(double seconds, long requests, double readBytes, double requestsPerSecond, Map<String, Long> errors) {

    private static final Pattern TOTAL =
            Pattern.compile("(?m)^\\s*(\\d+) requests in ([\\d.]+)(us|ms|s|m|h), ([\\d.]+)([KMGTP]?)B read\\s*$");
    private static final Pattern RATE = Pattern.compile("(?m)^Requests/sec:\\s*([\\d.]+)\\s*$");
    private static final Pattern SOCKET_ERRORS =
            Pattern.compile("(?m)^\\s*Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)\\s*$");
    private static final Pattern STATUS_ERRORS = Pattern.compile("(?m)^\\s*Non-2xx or 3xx responses: (\\d+)\\s*$");

    /// @throws IllegalArgumentException when the text isn't a whole output of wrk; a sentence
    static WrkOutput parse(String text) {
        Matcher total = TOTAL.matcher(text);
        Matcher rate = RATE.matcher(text);
        if (!total.find() || !rate.find()) {
            throw new IllegalArgumentException("wrk's output has no totals: '" + text.strip() + "'");
        }
        Map<String, Long> errors = new TreeMap<>();
        Matcher sockets = SOCKET_ERRORS.matcher(text);
        if (sockets.find()) {
            String[] kinds = {"connect", "read", "write", "timeout"};
            for (int i = 0; i < kinds.length; i++) {
                count(errors, kinds[i], sockets.group(i + 1));
            }
        }
        Matcher status = STATUS_ERRORS.matcher(text);
        if (status.find()) {
            count(errors, "status", status.group(1));
        }
        return new WrkOutput(
                Double.parseDouble(total.group(2)) * unitSeconds(total.group(3)),
                Long.parseLong(total.group(1)),
                Double.parseDouble(total.group(4)) * unitBytes(total.group(5)),
                Double.parseDouble(rate.group(1)),
                errors);
    }

    private static void count(Map<String, Long> errors, String kind, String digits) {
        long count = Long.parseLong(digits);
        if (count > 0) {
            errors.put(kind, count);
        }
    }

    private static double unitSeconds(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "us" -> 1e-6;
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            default -> throw new IllegalArgumentException("wrk's unit of time " + unit);
        };
    }

    /// wrk counts bytes in powers of 1024.
    private static double unitBytes(String unit) {
        return unit.isEmpty() ? 1 : Math.pow(1024, 1 + "KMGTP".indexOf(unit));
    }
}
