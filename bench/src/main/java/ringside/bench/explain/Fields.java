package ringside.bench.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The named values in the body of a trace record, in the order in which they stand there:
/// `fd: 0x2f, size: 0x40` of a system call, `ring ffff…, opcode READ, result 32` of
/// io_uring. What a value is followed by (a quoted path, a second value) is left out.
record Fields(Map<String, String> values) {

    private static final Pattern ITEM = Pattern.compile("(?:^|, )\\s*([A-Za-z_]\\w*):? ([^\\s,]+)");

    static Fields of(String body) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher items = ITEM.matcher(body);
        while (items.find()) {
            values.putIfAbsent(items.group(1), items.group(2));
        }
        return new Fields(values);
    }

    /// @return the empty text where there is none
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /// An argument of a system call: tracefs writes all of them in hexadecimal, with `0x` before it or not
    /// (`print_syscall_enter`, kernel/trace/trace_syscalls.c). One that is missing or no number is 0.
    long argument(String name) {
        return hex(text(name));
    }

    /// A value of any other event: decimal, or hexadecimal after `0x`. One that is missing or no number is 0.
    long number(String name) {
        String text = text(name);
        return text.startsWith("0x") ? hex(text) : text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    static long hex(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        return digits.matches("[0-9a-f]{1,16}") ? Long.parseUnsignedLong(digits, 16) : 0;
    }
}
