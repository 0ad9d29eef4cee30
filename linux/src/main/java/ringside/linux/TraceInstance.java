package ringside.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// A trace buffer of our own: a directory in tracefs's `instances` (Linux 3.10; `Documentation/trace/ftrace.rst`,
/// "Instances"). It records nothing that others record, and others see nothing of it.
///
/// One thread. Closing removes it with its buffer. What a killed process left behind is removed when the next one
/// opens its own: the name says whose it was.
///
/// Events of all processes are recorded, as long as nobody limits them: `set_event_pid` with `event-fork` would
/// miss the threads of io-wq, which the kernel makes without the fork tracepoint (`create_io_thread`,
/// kernel/fork.c), and the interrupts that complete block requests.
public final class TraceInstance implements AutoCloseable {

    private static final AtomicInteger OPENED = new AtomicInteger();

    private static final String PREFIX = "ringside-";
    private static final long BUFFERS_KIB = 48 << 10;
    private static final long BUFFER_KIB_MIN = 1 << 10;
    private static final long BUFFER_KIB_MAX = 8 << 10;

    private final Path directory;

    private TraceInstance(Path directory) {
        this.directory = directory;
    }

    /// Makes one, with the clock of [System#nanoTime()], recording nothing yet.
    ///
    /// @return unmeasurable with reason and remedy where we may not
    public static Reading<TraceInstance> open(TraceFs traceFs) {
        Path instances = traceFs.root().resolve("instances");
        String space = pidNamespace();
        removeOrphans(instances, space);
        String name = PREFIX + space + "-" + ProcessHandle.current().pid() + "-" + OPENED.incrementAndGet();
        Path directory = instances.resolve(name);
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            return new Reading.Unmeasurable<>("a trace buffer can't be made at " + directory + ": " + reason(e)
                    + ". Run it as root, on a kernel with CONFIG_TRACING.");
        }
        TraceInstance instance = new TraceInstance(directory);
        try {
            instance.write("tracing_on", "0");
            instance.write("trace_clock", "mono");
            instance.write("buffer_size_kb", Long.toString(bufferKib()));
            if (Files.exists(directory.resolve("options/hash-ptr"))) {
                // Addresses as they are (5.19; hashed they would do as well: they are only compared).
                instance.write("options/hash-ptr", "0");
            }
            return new Reading.Measured<>(instance);
        } catch (IOException e) {
            instance.close();
            return new Reading.Unmeasurable<>(
                    "the trace buffer " + directory + " can't be set up: " + reason(e) + ". Run it as root.");
        }
    }

    /// Where it is.
    public Path directory() {
        return directory;
    }

    /// Switches an event on, or a whole group: `io_uring:io_uring_complete`, `syscalls`.
    ///
    /// @return whether this kernel has it
    public boolean enable(String event) throws IOException {
        String file = "events/" + event.replace(':', '/') + "/enable";
        if (!Files.exists(directory.resolve(file))) {
            return false;
        }
        write(file, "1");
        return true;
    }

    /// Limits an event or a group to records that a filter lets through (`Documentation/trace/events.rst`).
    ///
    /// @param filter `i_ino == 17`
    public void filter(String event, String filter) throws IOException {
        write("events/" + event.replace(':', '/') + "/filter", filter);
    }

    /// Records only what these threads do, and what is done to them; none given: what all do.
    public void limitTo(Collection<Integer> threadIds) throws IOException {
        StringBuilder ids = new StringBuilder();
        threadIds.forEach(id -> ids.append(id).append(' '));
        Files.writeString(
                directory.resolve("set_event_pid"),
                ids,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /// Switches every event off.
    public void disableAll() throws IOException {
        write("events/enable", "0");
    }

    /// Empties the buffer and records from now on.
    public void start() throws IOException {
        Files.newByteChannel(directory.resolve("trace"), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .close();
        write("tracing_on", "1");
    }

    /// Records no more; what was recorded stays.
    public void stop() throws IOException {
        write("tracing_on", "0");
    }

    /// Puts a word of the caller's between the events: an event `tracing_mark_write`.
    public void mark(String word) throws IOException {
        write("trace_marker", word);
    }

    /// The text of what was recorded. Only when stopped: a buffer that is written to meanwhile is read in parts.
    public String read() throws IOException {
        return Files.readString(directory.resolve("trace"));
    }

    /// Removes it.
    ///
    /// @throws IllegalStateException when the kernel refuses
    @Override
    public void close() {
        try {
            disableAll();
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the trace buffer " + directory + " can't be removed: " + reason(e) + ". As root, `rmdir "
                            + directory + "`.",
                    e);
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text, StandardOpenOption.WRITE);
    }

    private static long bufferKib() {
        return Math.clamp(BUFFERS_KIB / Runtime.getRuntime().availableProcessors(), BUFFER_KIB_MIN, BUFFER_KIB_MAX);
    }

    /// Those of processes that live no more. Process ids mean something in their own namespace only.
    private static void removeOrphans(Path instances, String space) {
        try (DirectoryStream<Path> own = Files.newDirectoryStream(instances, PREFIX + space + "-*")) {
            for (Path instance : own) {
                String[] words = instance.getFileName().toString().split("-", -1);
                if (words.length == 4 && ProcessHandle.of(processId(words[2])).isEmpty()) {
                    new TraceInstance(instance).close();
                }
            }
        } catch (IOException | IllegalStateException e) {
            // Somebody else's business, or somebody else was faster: making ours will say what is wrong.
        }
    }

    private static long processId(String digits) {
        return digits.matches("\\d{1,9}")
                ? Long.parseLong(digits)
                : ProcessHandle.current().pid();
    }

    /// The number in `pid:[4026531836]`.
    private static String pidNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid"))
                    .toString()
                    .replaceAll("\\D", "");
        } catch (IOException e) {
            return "0";
        }
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName().toLowerCase(Locale.ROOT) : reason;
    }
}
