package ringside.linux;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// The lines `key: value` of many files of `/proc`; of keys that come twice the first counts.
///
/// @param source what to call it in a message
record KeyedLines(String source, Map<String, String> values) {

    static KeyedLines parse(String source, String text) {
        Map<String, String> values = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.putIfAbsent(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        }
        return new KeyedLines(source, values);
    }

    /// @throws IllegalArgumentException if there is none
    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(source + " has no line " + key);
        }
        return value;
    }

    /// @throws IllegalArgumentException if there is none, or it is no number
    long number(String key) {
        return parseNumber(source + ", " + key, text(key));
    }

    /// A value such as `24684084 kB`, in bytes; empty if the line is missing.
    OptionalLong bytes(String key) {
        String value = values.get(key);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.endsWith(" kB")) {
            throw new IllegalArgumentException(source + ", " + key + ": '" + value + "' isn't in kB");
        }
        String kibibytes = value.substring(0, value.length() - 3).strip();
        return OptionalLong.of(Math.multiplyExact(1024, parseNumber(source + ", " + key, kibibytes)));
    }

    /// @throws IllegalArgumentException with a sentence, if `digits` is no number of 63 bits
    static long parseNumber(String what, String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + ": '" + digits + "' is no number", e);
        }
    }
}
