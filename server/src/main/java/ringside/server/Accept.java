package ringside.server;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Whether a client takes JSON more gladly than HTML: `Accept`, RFC 9110 §12.5.1.
///
/// The most specific range that fits a type gives its quality; of two types of the same quality the one that is named
/// more specifically is wanted more, since `*/*` is often added for good measure. HTML, if the client has no
/// opinion. An element that isn't well-formed is skipped.
///
/// Reads the head again, since few requests are answered in several types; so it allocates.
final class Accept {

    private static final String FIELD = "accept:";
    /// Of a weight, RFC 9110 §12.4.2.
    private static final String WEIGHT = "(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)";

    private Accept() {}

    /// @param octets hold the fields of a request's head, checked already, from `from` to `to`
    static boolean prefersJson(byte[] octets, int from, int to) {
        StringBuilder ranges = new StringBuilder();
        for (String line : new String(octets, from, to - from, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            if (line.regionMatches(true, 0, FIELD, 0, FIELD.length())) {
                ranges.append(',').append(line, FIELD.length(), line.length());
            }
        }
        String[] elements = ranges.toString().toLowerCase(Locale.ROOT).split(",", -1);
        return wish(elements, "application/json") > wish(elements, "text/html");
    }

    /// The quality of the most specific range for the type in thousandths, and how specific it is in the last digit; 0
    /// if none fits, or the type isn't taken.
    private static int wish(String[] elements, String type) {
        int wish = 0;
        int mostSpecific = 0;
        for (String element : elements) {
            String[] parts = element.split(";", -1);
            int specific = specific(parts[0].strip(), type);
            int quality = quality(parts);
            if (specific > 0 && specific >= mostSpecific && quality >= 0) {
                mostSpecific = specific;
                wish = quality == 0 ? 0 : 10 * quality + specific;
            }
        }
        return wish;
    }

    /// 3 for the type itself, 2 for all of its kind, 1 for everything, 0 for others.
    private static int specific(String range, String type) {
        if (range.equals(type)) {
            return 3;
        }
        if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
            return 2;
        }
        return range.equals("*/*") ? 1 : 0;
    }

    /// In thousandths; −1 for what is no weight.
    private static int quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                String weight = parameter.substring(2);
                return weight.matches(WEIGHT) ? (int) Math.round(1000 * Double.parseDouble(weight)) : -1;
            }
        }
        return 1000;
    }
}
