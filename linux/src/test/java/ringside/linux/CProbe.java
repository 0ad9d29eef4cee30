package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Asks the machine's C compiler what a header says: sizes, offsets and constants, so that the layouts written by hand
/// in `ringside.linux` are held against the kernel's own.
///
/// Headers can be older than the kernel: an expression that doesn't compile is reported in [#missing()] with the
/// compiler's reason, and the rest is evaluated all the same. Macros, enumerators, `sizeof` and `offsetof` are treated
/// alike.
///
/// ```java
/// @TestFactory
/// Stream<DynamicTest> layoutIsTheHeaders() {
///     return CProbe.compare(List.of("linux/stat.h"), Map.of("sizeof(struct statx)", 256L));
/// }
/// ```
///
/// @param values what compiled, by expression, as `(long long)` sees it: `~0U` is 4294967295
/// @param missing what didn't, by expression, with the compiler's first sentence about it
record CProbe(Map<String, Long> values, Map<String, String> missing) {

    private static final Pattern COMPLAINT = Pattern.compile("probe\\.c:(\\d+):\\d+: (?:fatal )?error: (.*)");
    private static final long COMPILE_SECONDS_MAX = 60;

    CProbe {
        values = Map.copyOf(values);
        missing = Map.copyOf(missing);
    }

    /// Whether there is a `gcc` on the PATH.
    static boolean available() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(directory, "gcc"))) {
                return true;
            }
        }
        return false;
    }

    /// One test for each entry of `ours` (C expression to our value); one that the header lacks is skipped with the
    /// compiler's reason. Without gcc the whole is skipped.
    ///
    /// @param includes as between the angle brackets: `linux/io_uring.h`; one that doesn't exist is left out
    static Stream<DynamicTest> compare(List<String> includes, Map<String, Long> ours) {
        assumeTrue(available(), "gcc is not on the PATH: layouts and constants are not compared");
        CProbe probe = ask(includes, ours.keySet());
        return new TreeMap<>(ours)
                .entrySet().stream()
                        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                            String reason = probe.missing.get(entry.getKey());
                            if (reason != null) {
                                abort("the headers of this machine lack it: " + reason);
                            }
                            assertEquals(probe.values.get(entry.getKey()), entry.getValue());
                        }));
    }

    /// Evaluates each expression; each must be of an integer type.
    static CProbe ask(List<String> includes, Collection<String> expressions) {
        List<String> asked = List.copyOf(expressions);
        try {
            Path directory = Files.createTempDirectory("cprobe");
            try {
                return ask(directory, includes, asked);
            } finally {
                try (Stream<Path> left = Files.list(directory)) {
                    for (Path file : left.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CProbe ask(Path directory, List<String> includes, List<String> asked) throws IOException {
        Map<String, String> missing = new LinkedHashMap<>();
        String complaints = compile(directory, includes, asked, missing, "-fsyntax-only");
        int firstLine = prologue(includes).size() + 1;
        Matcher complaint = COMPLAINT.matcher(complaints);
        while (complaint.find()) {
            int index = Integer.parseInt(complaint.group(1)) - firstLine;
            if (index < 0 || index >= asked.size()) {
                throw new IllegalStateException("the probe itself doesn't compile:\n" + complaints);
            }
            missing.putIfAbsent(asked.get(index), complaint.group(2));
        }
        String left = compile(directory, includes, asked, missing, "-o" + directory.resolve("probe"));
        if (!left.isEmpty()) {
            throw new IllegalStateException("the probe doesn't compile:\n" + left);
        }
        Map<String, Long> values = new LinkedHashMap<>();
        String printed = run(directory, List.of(directory.resolve("probe").toString()));
        for (String line : printed.lines().toList()) {
            int space = line.indexOf(' ');
            values.put(
                    asked.get(Integer.parseInt(line.substring(0, space))), Long.parseLong(line.substring(space + 1)));
        }
        return new CProbe(values, missing);
    }

    /// @return the compiler's complaints, empty when there were none
    private static String compile(
            Path directory, List<String> includes, List<String> asked, Map<String, String> without, String mode)
            throws IOException {
        List<String> source = new ArrayList<>(prologue(includes));
        // One function for each, since gcc reports an undeclared identifier once a function; one line for each, since
        // the line number is how a complaint finds its expression.
        for (int i = 0; i < asked.size(); i++) {
            source.add(
                    without.containsKey(asked.get(i))
                            ? ""
                            : "static void ask" + i + "(void) { printf(\"" + i + " %lld\\n\", (long long) ("
                                    + asked.get(i) + ")); }");
        }
        source.add("int main(void) {");
        for (int i = 0; i < asked.size(); i++) {
            if (!without.containsKey(asked.get(i))) {
                source.add("ask" + i + "();");
            }
        }
        source.add("return 0; }");
        Files.write(directory.resolve("probe.c"), source);
        return run(directory, List.of("gcc", "-w", "-fmax-errors=0", "-fdiagnostics-color=never", mode, "probe.c"));
    }

    private static List<String> prologue(List<String> includes) {
        List<String> lines = new ArrayList<>();
        lines.add("#define _GNU_SOURCE");
        lines.add("#include <stddef.h>");
        lines.add("#include <stdio.h>");
        for (String include : includes) {
            lines.add("#if __has_include(<" + include + ">)");
            lines.add("#include <" + include + ">");
            lines.add("#endif");
        }
        return lines;
    }

    private static String run(Path directory, List<String> command) throws IOException {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            if (!process.waitFor(COMPILE_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " took longer than " + COMPILE_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command, e);
        }
        return Files.readString(output);
    }
}
