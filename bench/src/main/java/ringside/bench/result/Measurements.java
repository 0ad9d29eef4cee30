package ringside.bench.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one launch gave, after its warm-up.
///
/// @param measuredSeconds length of the measured window, above 0
/// @param requests answered completely within the window
/// @param bodyBytes of those answers, heads not counted
/// @param requestsPerSecond requests / measuredSeconds
/// @param serviceTime from the request's write to the answer's last byte
/// @param responseTime the same since the intended start; unmeasurable in a closed loop
/// @param sendLag how late the generator wrote a request after its intended start; unmeasurable in a closed
///     loop
/// @param server what the server cost
/// @param generator what the generator cost, and whether it was the limit
/// @param residencyBefore fraction of the files' pages in the page cache, 0 to 1: of a hot workload when the
///     warm-up begins, of a cold one after its eviction, before the generator starts
/// @param residencyAfter the same just after the window
/// @param errors count of failed requests by kind; empty when none failed
/// @param bodiesChecked answers whose content was compared with the file's, byte for byte or by hash
/// @param warmUp how it had been warmed up
/// @param surroundings what else the machine did
/// @param voidFor quantities that aren't the server's own, with the reason: they are shown, and compared with nothing
/// @param hlogFile histogram log relative to the run's directory, with `/`; intervals tagged `service`,
///     `response`, values in nanoseconds
public record Measurements(
        double measuredSeconds,
        long requests,
        long bodyBytes,
        double requestsPerSecond,
        Latency serviceTime,
        Latency responseTime,
        Latency sendLag,
        ServerCost server,
        GeneratorCost generator,
        Measured residencyBefore,
        Measured residencyAfter,
        Map<String, Long> errors,
        long bodiesChecked,
        WarmUp warmUp,
        Surroundings surroundings,
        Map<Quantity, String> voidFor,
        String hlogFile) {
    public Measurements {
        voidFor = Collections.unmodifiableMap(new TreeMap<>(voidFor));
        voidFor.forEach((quantity, why) -> Require.text("voidFor." + quantity, why));
        errors = Collections.unmodifiableMap(new TreeMap<>(errors));
        Require.positive("measuredSeconds", measuredSeconds);
        Require.notNegative("requests", requests);
        Require.notNegative("bodyBytes", bodyBytes);
        Require.notNegative("requestsPerSecond", requestsPerSecond);
        Require.notNegative("bodiesChecked", bodiesChecked);
        Require.fraction("residencyBefore", residencyBefore);
        Require.fraction("residencyAfter", residencyAfter);
        Require.text("hlogFile", hlogFile);
        if (hlogFile.startsWith("/") || List.of(hlogFile.split("/")).contains("..")) {
            throw new IllegalArgumentException("hlogFile must stay inside the run's directory: " + hlogFile);
        }
        errors.forEach((kind, count) -> Require.positive("errors." + kind, count));
    }

    /// What the server's process and its core spent on a request.
    ///
    /// @param userMicrosPerRequest CPU time of the server's processes in user space / requests: their exact CPU
    ///     clocks, divided as their utime and stime (ticks of 10 ms) are
    /// @param systemMicrosPerRequest the same in the kernel
    /// @param coreBusyMicrosPerRequest busy time of the cores that the server is pinned to / requests, soft
    ///     interrupts included: what no process is billed for shows here; the elapsed time less what
    ///     `/proc/stat` calls idle and stolen, which is off by up to 10 ms at each end of the window
    /// @param contextSwitchesPerRequest voluntary and not, of all its threads
    /// @param compilerMicrosPerRequest CPU of the server's JIT compilers and garbage collectors / requests: it is
    ///     in the server's CPU time, and a longer warm-up makes it less; unmeasurable for what is no JVM
    /// @param countersPerRequest further counters by name, such as `syscalls`, `block reads`; may be empty
    public record ServerCost(
            Measured userMicrosPerRequest,
            Measured systemMicrosPerRequest,
            Measured coreBusyMicrosPerRequest,
            Measured contextSwitchesPerRequest,
            Measured compilerMicrosPerRequest,
            Map<String, Measured> countersPerRequest) {
        public ServerCost {
            countersPerRequest = Collections.unmodifiableMap(new TreeMap<>(countersPerRequest));
            Require.notNegative("userMicrosPerRequest", userMicrosPerRequest);
            Require.notNegative("systemMicrosPerRequest", systemMicrosPerRequest);
            Require.notNegative("coreBusyMicrosPerRequest", coreBusyMicrosPerRequest);
            Require.notNegative("contextSwitchesPerRequest", contextSwitchesPerRequest);
            Require.notNegative("compilerMicrosPerRequest", compilerMicrosPerRequest);
            countersPerRequest.forEach((name, count) -> Require.notNegative("countersPerRequest." + name, count));
        }

        /// User and system together: what the process is billed for.
        public Measured cpuMicrosPerRequest() {
            return switch (userMicrosPerRequest) {
                case Measured.Unmeasurable unknown -> unknown;
                case Measured.Value(double user) ->
                    switch (systemMicrosPerRequest) {
                        case Measured.Unmeasurable unknown -> unknown;
                        case Measured.Value(double system) -> Measured.of(user + system);
                    };
            };
        }
    }

    /// @param cpuMicrosPerRequest utime + stime of the generator / requests
    /// @param busyShare part of the time in which its event loops ran or waited for a CPU, 0 to about 1; with 0.95
    ///     or more it is the limit of a closed loop
    /// @param collections of its garbage collectors within the window
    /// @param pauseMillis their time, together
    /// @param longestPauseMillis the longest of them
    /// @param limited whether the generator, not the server, set the throughput
    /// @param sentence what it says about itself, for the reader; may be empty
    public record GeneratorCost(
            Measured cpuMicrosPerRequest,
            Measured busyShare,
            Measured collections,
            Measured pauseMillis,
            Measured longestPauseMillis,
            Answer limited,
            String sentence) {
        public GeneratorCost {
            Require.notNegative("cpuMicrosPerRequest", cpuMicrosPerRequest);
            Require.notNegative("busyShare", busyShare);
            Require.notNegative("collections", collections);
            Require.notNegative("pauseMillis", pauseMillis);
            Require.notNegative("longestPauseMillis", longestPauseMillis);
        }
    }
}
