package ringside.linux;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// Something that the kernel can count for a thread: a software counter of its own, or how often a tracepoint is
/// passed. perf_event_open(2), `linux/perf_event.h`; Linux 2.6.31.
///
/// @param name for messages and tables: `context-switches`, `block:block_rq_issue`
/// @param type `PERF_TYPE_SOFTWARE` or `PERF_TYPE_TRACEPOINT`
/// @param config which one of its type
/// @param filter counts only where this holds (`Documentation/trace/events.rst`, 5.1); empty: always. Only for a
///     tracepoint
public record PerfEvent(String name, int type, long config, String filter) {

    static final int PERF_TYPE_SOFTWARE = 1;
    static final int PERF_TYPE_TRACEPOINT = 2;

    static final long PERF_COUNT_SW_CONTEXT_SWITCHES = 3;
    static final long PERF_COUNT_SW_CPU_MIGRATIONS = 4;
    static final long PERF_COUNT_SW_PAGE_FAULTS_MIN = 5;
    static final long PERF_COUNT_SW_PAGE_FAULTS_MAJ = 6;

    /// How often a thread gave up its CPU or had to. Counted in the kernel, so that it needs the right to look there:
    /// a counter without it would stay 0.
    public static final PerfEvent CONTEXT_SWITCHES = software("context-switches", PERF_COUNT_SW_CONTEXT_SWITCHES);

    /// How often a thread came to run on another CPU than before.
    public static final PerfEvent CPU_MIGRATIONS = software("cpu-migrations", PERF_COUNT_SW_CPU_MIGRATIONS);

    /// Page faults that needed no device.
    public static final PerfEvent MINOR_FAULTS = software("minor-faults", PERF_COUNT_SW_PAGE_FAULTS_MIN);

    /// Page faults that waited for a device.
    public static final PerfEvent MAJOR_FAULTS = software("major-faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ);

    /// The first 64 bytes of `struct perf_event_attr` (`PERF_ATTR_SIZE_VER0`), which every kernel takes.
    static final StructLayout ATTR = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("type"),
            ValueLayout.JAVA_INT.withName("size"),
            ValueLayout.JAVA_LONG.withName("config"),
            ValueLayout.JAVA_LONG.withName("sample_period"),
            ValueLayout.JAVA_LONG.withName("sample_type"),
            ValueLayout.JAVA_LONG.withName("read_format"),
            ValueLayout.JAVA_LONG.withName("flags"),
            ValueLayout.JAVA_INT.withName("wakeup_events"),
            ValueLayout.JAVA_INT.withName("bp_type"),
            ValueLayout.JAVA_LONG.withName("bp_addr"));

    static final long FLAGS_OFFSET = 40;

    // Bit fields of the word at FLAGS_OFFSET.
    static final long DISABLED = 1;
    static final long INHERIT = 1 << 1;

    public PerfEvent {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an event needs a name");
        }
        if (!filter.isEmpty() && type != PERF_TYPE_TRACEPOINT) {
            throw new IllegalArgumentException(name + ": only a tracepoint can have a filter, not '" + filter + "'");
        }
    }

    /// A tracepoint of this kernel.
    ///
    /// @param name `io_uring:io_uring_queue_async_work`
    /// @return unmeasurable when this kernel has none of that name
    public static Reading<PerfEvent> tracepoint(TraceFs traceFs, String name) {
        return traceFs.id(name).map(id -> new PerfEvent(name, PERF_TYPE_TRACEPOINT, id, ""));
    }

    /// The same, counted only where `condition` holds: `clone_flags & 0x80000000`.
    public PerfEvent where(String condition) {
        return new PerfEvent(name, type, config, condition);
    }

    private static PerfEvent software(String name, long config) {
        return new PerfEvent(name, PERF_TYPE_SOFTWARE, config, "");
    }

    void describe(MemorySegment attr, long flags) {
        attr.fill((byte) 0);
        attr.set(ValueLayout.JAVA_INT, 0, type);
        attr.set(ValueLayout.JAVA_INT, 4, (int) ATTR.byteSize());
        attr.set(ValueLayout.JAVA_LONG, 8, config);
        attr.set(ValueLayout.JAVA_LONG, FLAGS_OFFSET, flags);
    }
}
