package ringside.bench.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One process of a trial: its lines of output as they come, the tail of what it complains about, and its end.
///
/// Made by [Children#start]; closing it ends it. Lines are taken by one thread.
public final class Child implements AutoCloseable {

    private static final int TAIL_LINES_MAX = 12;
    private static final int LINE_CHARS_MAX = 500;
    private static final Duration TERMINATION_MAX = Duration.ofSeconds(3);

    /// @param atNanos [System#nanoTime()] when the line came
    public record Line(String text, long atNanos) {}

    private final String label;
    private final Children children;
    private final Process process;
    private final BlockingQueue<Optional<Line>> lines = new LinkedBlockingQueue<>();
    private final ArrayDeque<String> complaints = new ArrayDeque<>();
    private final Thread complaintReader;

    Child(String label, List<String> command, Children children) throws IOException {
        this.label = label;
        this.children = children;
        this.process = new ProcessBuilder(command).start();
        complaintReader = Thread.ofPlatform().daemon().name(label + " stderr").unstarted(this::readComplaints);
    }

    /// Begins to read what it writes: once, by a thread that is no longer on the child's CPUs, which its reading
    /// threads would inherit.
    void read() {
        Thread.ofPlatform().daemon().name(label + " stdout").start(this::readLines);
        complaintReader.start();
    }

    /// Writes a line to its standard input, which is empty until then.
    ///
    /// @throws TrialFailure when it has ended
    void say(String line) throws TrialFailure, InterruptedException {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw diedEarly("before it was told '" + line + "'");
        }
    }

    /// Nothing will be said to it: its standard input ends.
    void sayNothing() throws IOException {
        process.getOutputStream().close();
    }

    public long pid() {
        return process.pid();
    }

    String label() {
        return label;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for a line of output.
    ///
    /// @return empty when the output has ended
    /// @throws TrialFailure when none comes in time
    public Optional<Line> nextLine(Duration patience, String awaited) throws InterruptedException, TrialFailure {
        Optional<Line> line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new TrialFailure("the " + label + " was killed: no sign of \"" + awaited + "\" within "
                    + patience.toMillis() + " ms" + tail());
        }
        if (line.isEmpty()) {
            lines.add(line);
        }
        return line;
    }

    /// Waits for the end of the process.
    ///
    /// @return its exit code
    /// @throws TrialFailure when it doesn't end in time
    public int awaitExit(Duration patience) throws InterruptedException, TrialFailure {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TrialFailure(
                    "the " + label + " was killed: it didn't end within " + patience.toMillis() + " ms" + tail());
        }
        children.ended(this);
        return process.exitValue();
    }

    /// Lets time pass, but not beyond the end of the process.
    public void sleepBeside(Duration span) throws InterruptedException {
        if (process.waitFor(span.toNanos(), TimeUnit.NANOSECONDS)) {
            children.ended(this);
        }
    }

    /// That the process ended when it should not have.
    public TrialFailure diedEarly(String when) throws InterruptedException {
        boolean ended = process.waitFor(1, TimeUnit.SECONDS);
        return new TrialFailure(
                "the " + label + (ended ? " ended with exit code " + process.exitValue() : " closed its output") + " "
                        + when + tail());
    }

    /// What it wrote last to its standard error, or what there is to say about that.
    public String tail() {
        try {
            // The last lines of a process that has just died are still on their way.
            complaintReader.join(Duration.ofMillis(process.isAlive() ? 0 : 500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (complaints) {
            return complaints.isEmpty()
                    ? "; it wrote nothing to its standard error"
                    : "; the last it wrote: " + complaints.stream().collect(Collectors.joining(" | "));
        }
    }

    /// Asks it to end as a service manager does, and kills it when it doesn't.
    ///
    /// @return whether it ended of itself
    boolean terminate() throws InterruptedException {
        List<ProcessHandle> descendants = process.toHandle().descendants().toList();
        process.destroy();
        boolean ended = process.waitFor(TERMINATION_MAX.toMillis(), TimeUnit.MILLISECONDS);
        descendants.forEach(Children::killTree);
        kill();
        return ended;
    }

    /// Kills it with all that descends from it.
    void kill() {
        Children.killTree(process.toHandle());
        children.ended(this);
    }

    @Override
    public void close() {
        kill();
    }

    private void readLines() {
        try (BufferedReader reader = reader(process.getInputStream())) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines.add(Optional.of(new Line(text, System.nanoTime())));
            }
        } catch (IOException | UncheckedIOException e) {
            // The pipe of a killed process breaks: its output has ended, which is said below.
        } finally {
            lines.add(Optional.empty());
        }
    }

    private void readComplaints() {
        try (BufferedReader reader = reader(process.getErrorStream())) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                synchronized (complaints) {
                    complaints.addLast(text.length() > LINE_CHARS_MAX ? text.substring(0, LINE_CHARS_MAX) : text);
                    if (complaints.size() > TAIL_LINES_MAX) {
                        complaints.removeFirst();
                    }
                }
            }
        } catch (IOException e) {
            // As above: the stream of a killed process just ends.
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
