package ringside.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the kernel did for a server while it answered requests.
///
/// @param seconds how long it was counted; 0 when it wasn't
/// @param requests answered meanwhile; from the generator's rate where counting and its window aren't the same
/// @param entries what was counted. A system call of `callsWatched` that isn't here wasn't made
/// @param callsWatched system calls that are counted by name; the rest is in [#OTHER_CALLS]
/// @param ringWorkers most `iou-wrk` threads that were seen at once, at either end
/// @param notes what a reader should know, a sentence each
public record Ledger(
        double seconds,
        double requests,
        List<Entry> entries,
        List<String> callsWatched,
        Measured ringWorkers,
        List<String> notes) {

    /// All system calls together.
    public static final String SYSTEM_CALLS = "system calls";

    /// All but those that are counted by name.
    public static final String OTHER_CALLS = "other calls";

    public static final String CONTEXT_SWITCHES = "context switches";
    public static final String MINOR_FAULTS = "minor page faults";
    public static final String MAJOR_FAULTS = "major page faults";
    /// On the Java heap, by all threads of the server; buffers outside the heap aren't in it.
    public static final String ALLOCATED_BYTES = "bytes allocated on the heap";

    public static final String PAGE_CACHE_INSERTS = "page-cache inserts";
    /// Block I/Os that the server's threads asked for; always counted to who asks.
    public static final String BLOCK_IOS = "block I/Os";

    /// Requests that the server's threads gave to a device; a kernel thread or an interrupt may do that for them.
    public static final String BLOCK_REQUESTS = "block requests";
    public static final String DEVICE_BYTES = "bytes read from the device";
    public static final String RING_REQUESTS = "ring requests";
    public static final String PUNTS = "punts to io-wq";

    /// What a count is about, and the order of reports.
    public enum Group {
        @JsonProperty("calls")
        CALLS,
        @JsonProperty("scheduling")
        SCHEDULING,
        @JsonProperty("memory")
        MEMORY,
        @JsonProperty("storage")
        STORAGE,
        @JsonProperty("io_uring")
        IO_URING,
        /// What the engine counts of its own doings.
        @JsonProperty("engine")
        ENGINE
    }

    /// Where a count comes from.
    public enum Source {
        /// perf_event_open(2) on a tracepoint.
        @JsonProperty("tracepoint")
        TRACEPOINT,
        /// perf_event_open(2) on a software counter of the kernel.
        @JsonProperty("software")
        SOFTWARE,
        /// `/proc`.
        @JsonProperty("proc")
        PROC,
        /// The heads and tails of the ring itself.
        @JsonProperty("ring")
        RING,
        /// The engine itself.
        @JsonProperty("engine")
        ENGINE,
        /// The server's JVM.
        @JsonProperty("jvm")
        JVM
    }

    /// Whose doing it is.
    public enum Scope {
        /// The server's processes.
        @JsonProperty("process")
        PROCESS,
        /// Everybody on the machine.
        @JsonProperty("system")
        SYSTEM
    }

    /// One count.
    ///
    /// @param name what it counts: `sendfile`, `context switches`
    /// @param unit of the count: `calls`, `bytes`
    /// @param count while it was counted
    /// @param perRequest the same divided by the requests
    public record Entry(
            String name, Group group, String unit, Source source, Scope scope, Measured count, Measured perRequest) {
        public Entry {
            Require.text("name", name);
            Require.text("unit", unit);
            Require.notNegative(name, count);
            Require.notNegative(name, perRequest);
        }

        /// Whether it is a part of the sum of system calls: one that is counted by name, or the rest.
        @JsonIgnore
        public boolean isPartOfCalls() {
            return group == Group.CALLS && source == Source.TRACEPOINT && !name.equals(SYSTEM_CALLS);
        }
    }

    public Ledger {
        entries = List.copyOf(entries);
        callsWatched = List.copyOf(callsWatched);
        notes = List.copyOf(notes);
        Require.notNegative("seconds", seconds);
        Require.notNegative("requests", requests);
        Require.notNegative("ringWorkers", ringWorkers);
    }

    /// Of a trial in which nothing was counted.
    public static Ledger none(String why) {
        return new Ledger(0, 0, List.of(), List.of(), Measured.unmeasurable(why), List.of(why));
    }

    public Ledger withNote(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new Ledger(seconds, requests, entries, callsWatched, ringWorkers, more);
    }

    public Optional<Entry> entry(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /// How often per request.
    ///
    /// @return a measured 0 for a watched call that wasn't made; unmeasurable for what wasn't counted
    public Measured perRequest(String name) {
        return entry(name)
                .map(Entry::perRequest)
                .orElseGet(() -> callsWatched.contains(name) ? Measured.of(0) : Measured.unmeasurable("not counted"));
    }
}
