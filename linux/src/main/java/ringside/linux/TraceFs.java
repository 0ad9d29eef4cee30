package ringside.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// Where the kernel's tracepoints are described: tracefs, mounted as a rule at `/sys/kernel/tracing` (Linux 4.1;
/// `Documentation/trace/events.rst`). Any thread.
public final class TraceFs {

    /// Where the kernel itself makes a directory for it.
    private static final String USUAL = "/sys/kernel/tracing";

    private static final String REMEDY = "As root, `mount -t tracefs none " + USUAL + "`.";

    private final PseudoFiles files;
    private final Path root;

    private TraceFs(PseudoFiles files, Path root) {
        this.files = files;
        this.root = root;
    }

    /// Finds tracefs, and mounts it where a distribution's init would have if nobody has and we may. A mount stays:
    /// it costs nothing, and others may use it by then.
    ///
    /// @return unmeasurable with the reason and the remedy where it isn't to be had
    public static Reading<TraceFs> find(Kernel kernel) {
        PseudoFiles files = new PseudoFiles(kernel);
        if (files.read(USUAL + "/README").isMeasured()) {
            return new Reading.Measured<>(new TraceFs(files, Path.of(USUAL)));
        }
        Reading<String> mounts = files.read("/proc/self/mountinfo");
        for (String line : mounts.value().orElse("").split("\n", -1)) {
            if (line.contains(" - tracefs ")) {
                Mount mount = Mount.parse(line);
                return files.read(mount.mountPoint() + "/README")
                        .map(_ -> new TraceFs(files, Path.of(mount.mountPoint())));
            }
        }
        long result = mount(kernel);
        if (result < 0) {
            return new Reading.Unmeasurable<>("tracefs isn't mounted, and mounting it: "
                    + KernelException.describe(Syscall.MOUNT, USUAL, result) + ". " + REMEDY);
        }
        return new Reading.Measured<>(new TraceFs(files, Path.of(USUAL)));
    }

    private static long mount(Kernel kernel) {
        try (Arena arena = Arena.ofConfined()) {
            long type = arena.allocateFrom("tracefs").address();
            return kernel.call(Syscall.MOUNT, type, arena.allocateFrom(USUAL).address(), type, 0, 0);
        }
    }

    /// The directory itself, for instances and their `trace_pipe`.
    public Path root() {
        return root;
    }

    /// The number by which perf_event_open(2) knows a tracepoint.
    ///
    /// @param event `block:block_rq_issue`
    /// @return unmeasurable when this kernel has no such tracepoint
    public Reading<Integer> id(String event) {
        String file = "events/" + event.replace(':', '/') + "/id";
        Reading<String> text = files.read(root.resolve(file).toString());
        if (!text.isMeasured()) {
            return new Reading.Unmeasurable<>(
                    "this kernel has no tracepoint " + event + " (" + text.whyMissing() + ")");
        }
        return text.map(id -> Math.toIntExact(KeyedLines.parseNumber("tracepoint id", id.strip())));
    }

    /// How the record of a tracepoint is laid out: the text of its `format` file.
    public Reading<String> format(String event) {
        return files.read(
                root.resolve("events/" + event.replace(':', '/') + "/format").toString());
    }
}
