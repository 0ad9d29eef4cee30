package ringside.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import ringside.bench.trial.Launcher;

/// Ringside as a test calls it: within this JVM where streams and exit code are all that counts, or as a process of
/// its own, which can be sent signals.
///
/// @param exitCode as the process would end with
/// @param out standard output
/// @param err standard error
record Invocation(int exitCode, String out, String err) {

    private static final int SIGINT = 2;

    /// Runs a command within this JVM. Tests don't run in parallel: the streams are the JVM's.
    static Invocation of(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exitCode = Main.run(arguments);
            return new Invocation(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /// It ended with this code, without a word on standard output, and said this on standard error.
    void failedWith(int code, String sentence) {
        assertEquals(code, exitCode, toString());
        assertTrue(err.contains(sentence), () -> "'" + sentence + "' isn't in: " + err);
        assertTrue(!err.contains("\tat "), () -> "a stack trace: " + err);
        assertEquals("", out);
    }

    /// A ringside process. Its standard error goes to a file, and is printed when it doesn't end as expected.
    static final class Running implements AutoCloseable {

        private final Process process;
        private final BufferedReader lines;
        private final Path errors;

        private Running(Process process, Path errors) {
            this.process = process;
            this.lines = process.inputReader(StandardCharsets.UTF_8);
            this.errors = errors;
        }

        static Running start(Path directory, String... arguments) throws IOException {
            Path errors = Files.createTempFile(directory, "stderr", ".txt");
            return new Running(
                    new ProcessBuilder(Launcher.likeThisProcess(Main.class.getName())
                                    .command(List.of(arguments)))
                            .redirectError(errors.toFile())
                            .start(),
                    errors);
        }

        /// Reads standard output up to a line that begins like this.
        String awaitLine(String start) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(start)) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new IOException("it ended before a line '" + start + "': " + errors());
            }
            return line;
        }

        String rest() throws IOException {
            StringBuilder text = new StringBuilder();
            lines.lines().forEach(line -> text.append(line).append('\n'));
            return text.toString();
        }

        String errors() throws IOException {
            return Files.readString(errors);
        }

        Process process() {
            return process;
        }

        void signal(String name) throws IOException, InterruptedException {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertEquals(0, code, "kill -" + name);
        }

        void endsWith(int code) throws IOException, InterruptedException {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS), () -> "still there: " + process.info());
            assertEquals(code, process.exitValue(), errors());
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// A shell without job control puts jobs into the background with SIGINT ignored, and a JVM leaves it so.
    static void assumeSigintIsHeeded() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElse("0");
        Assumptions.assumeTrue(
                (Long.parseUnsignedLong(ignored, 16) & 1L << (SIGINT - 1)) == 0,
                "SIGINT is ignored here, and by every process started from here: run the tests in the foreground");
    }
}
