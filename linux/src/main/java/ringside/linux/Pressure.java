package ringside.linux;

import java.util.Locale;

/// How much tasks were held up by want of something: `/proc/pressure/*`, pressure stall information (Linux
/// 4.20, Documentation/accounting/psi.rst).
///
/// @param some while at least one task was held up
/// @param full while all that could have run were; for the CPU of the whole machine always 0
public record Pressure(Stall some, Stall full) {

    /// What there was too little of.
    public enum Resource {
        CPU,
        IO,
        MEMORY
    }

    /// @param percent10s share of the last 10 seconds, 0 to 100
    /// @param percent60s of the last 60 seconds
    /// @param percent300s of the last 300 seconds
    /// @param totalMicros since boot: take differences of this one
    public record Stall(double percent10s, double percent60s, double percent300s, long totalMicros) {}

    public static Reading<Pressure> read(Kernel kernel, Resource resource) {
        String path = "/proc/pressure/" + resource.name().toLowerCase(Locale.ROOT);
        return new PseudoFiles(kernel).read(path).map(Pressure::parse);
    }

    /// @throws IllegalArgumentException with a sentence, if a line is missing
    static Pressure parse(String text) {
        Stall some = null;
        // The line `full` came to the CPU's file with Linux 5.13.
        Stall full = new Stall(0, 0, 0, 0);
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("some ")) {
                some = stall(line);
            } else if (line.startsWith("full ")) {
                full = stall(line);
            }
        }
        if (some == null) {
            throw new IllegalArgumentException("no line 'some' in the pressure file '" + text.strip() + "'");
        }
        return new Pressure(some, full);
    }

    private static Stall stall(String line) {
        double[] percents = new double[3];
        String[] keys = {"avg10=", "avg60=", "avg300=", "total="};
        String[] words = line.strip().split(" ", -1);
        if (words.length < 5) {
            throw new IllegalArgumentException("the pressure line '" + line + "' is cut short");
        }
        for (int i = 0; i < keys.length; i++) {
            if (!words[i + 1].startsWith(keys[i])) {
                throw new IllegalArgumentException("no " + keys[i] + " in the pressure line '" + line + "'");
            }
        }
        for (int i = 0; i < percents.length; i++) {
            String number = words[i + 1].substring(keys[i].length());
            try {
                percents[i] = Double.parseDouble(number);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + number + "' in '" + line + "' is no number", e);
            }
        }
        long total = KeyedLines.parseNumber("pressure total", words[4].substring(keys[3].length()));
        return new Stall(percents[0], percents[1], percents[2], total);
    }
}
