package ringside.loadtest;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import ringside.engines.Transport;

/// What a run of the load generator asks for: everything that decides it, so that a report can be repeated. Made by
/// [#builder(List)].
///
/// @param targets at least one; all of the same host and port
/// @param connections kept alive and shared out over the threads: at least one each, at most 60,000
/// @param threads event loops, 1 to 1024
/// @param mode closed or open loop
/// @param warmUp driven like the rest, not recorded; may be zero
/// @param warmUpClosed so much of the warm-up of an open loop, its beginning, goes in a closed loop, whatever the rate:
///     what compiles as it is used gets there sooner. At most `warmUp`; zero for none, and in a closed loop
/// @param duration of the measured window, above zero
/// @param tail how long load goes on after the window, uncounted, so that an observer outside can read its counters
///     while the end of the window is still like its middle: zero (none) to one minute. Skipped when the targets are
///     asked for once
/// @param transport what the generator's sockets are driven by
/// @param bodySampleEvery one body in so many has its CRC-32C checked; 1 checks all. The length of every body is
///     checked whatever this says. The checksum has to read the body, which costs about 0.1 ns a byte.
/// @param timeout of a connect and of a request from its send to its last byte; kept to within an eighth of itself,
///     10 ms to 1 s
/// @param seed decides the order of targets and the arrivals of an open loop
/// @param expectedBodies by the target's path as sent ([LoadTarget#path()]): checked before the load starts. A target
///     that isn't in it is fetched once and held to that.
/// @param histogramLog where the `.hlog` goes, if anywhere
/// @param cpus the generator's loop i is pinned to the (i mod size)-th of these; empty pins nothing
/// @param warmUpTargets usually empty. If not, these are what is fetched once beforehand and driven in the warm-up,
///     and `targets` are left alone until the window: each is asked for once at most, in random order, whatever its
///     weight, and the window ends early when all have been. Made for files that must come from the device. Needs a
///     closed loop, and each target's expected body
/// @param requestFields lines that every request has beside `Host`, `Name: value`: a condition for instance. A target
/// that is
///     answered 304 when it is fetched beforehand is held to that
public record LoadPlan(
        List<LoadTarget> targets,
        int connections,
        int threads,
        LoadMode mode,
        Duration warmUp,
        Duration warmUpClosed,
        Duration duration,
        Duration tail,
        Transport transport,
        int bodySampleEvery,
        Duration timeout,
        long seed,
        Map<String, ExpectedBody> expectedBodies,

        @JsonSerialize(using = PlanJson.PathWriter.class) @JsonDeserialize(using = PlanJson.PathReader.class)
        Optional<Path> histogramLog,

        List<Integer> cpus,
        List<LoadTarget> warmUpTargets,
        List<String> requestFields) {

    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t -~]*");
    private static final Set<String> OWN_FIELDS =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect");

    /// Connections when nothing is said.
    public static final int CONNECTIONS_DEFAULT = 64;

    /// One body in so many is checked when nothing is said.
    public static final int BODY_SAMPLE_EVERY_DEFAULT = 64;

    public LoadPlan {
        targets = List.copyOf(targets);
        expectedBodies = Map.copyOf(expectedBodies);
        cpus = List.copyOf(cpus);
        warmUpTargets = List.copyOf(warmUpTargets);
        requestFields = List.copyOf(requestFields);
        requestFields.forEach(LoadPlan::requireField);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("no URL to ask for. Name at least one: http://host:port/path");
        }
        LoadTarget first = targets.getFirst();
        for (LoadTarget target : targets) {
            if (!target.host().equalsIgnoreCase(first.host()) || target.port() != first.port()) {
                throw new IllegalArgumentException("'" + first.url() + "' and '" + target.url()
                        + "' are on different servers. One run drives one host and port: start one run for each");
            }
        }
        for (LoadTarget target : warmUpTargets) {
            if (!target.host().equalsIgnoreCase(first.host()) || target.port() != first.port()) {
                throw new IllegalArgumentException("'" + first.url() + "' and '" + target.url()
                        + "' are on different servers. Warm up the one that is measured");
            }
        }
        if (!warmUpTargets.isEmpty()) {
            requireOnce(targets, expectedBodies, mode);
        }
        requireRange("the number of threads", threads, 1, 1024);
        requireRange("the number of connections", connections, 1, 60_000);
        if (connections < threads) {
            throw new IllegalArgumentException(connections + " connections can't be shared out over " + threads
                    + " threads. Ask for at least one connection per thread");
        }
        requireRange("the stride of the bodies that are checked", bodySampleEvery, 1, Integer.MAX_VALUE);
        requireSpan("warm-up", warmUp, Duration.ZERO, Duration.ofDays(30));
        requireSpan("part of the warm-up in a closed loop", warmUpClosed, Duration.ZERO, warmUp);
        if (!warmUpClosed.isZero() && !mode.open()) {
            throw new IllegalArgumentException(
                    "a closed loop warms up in a closed loop anyway. Give a rate, or leave out that part of the warm-up");
        }
        requireSpan("duration", duration, Duration.ofMillis(1), Duration.ofDays(30));
        requireSpan("tail", tail, Duration.ZERO, Duration.ofMinutes(1));
        requireSpan("timeout", timeout, Duration.ofMillis(1), Duration.ofHours(1));
        for (int cpu : cpus) {
            requireRange("a CPU", cpu, 0, 8191);
        }
        Set<String> paths = expectedBodies.isEmpty() ? Set.of() : paths(targets, warmUpTargets);
        for (String path : expectedBodies.keySet()) {
            if (!paths.contains(path)) {
                throw new IllegalArgumentException("a body is expected of '" + path
                        + "', which no target asks for. Name it among the URLs or leave it out");
            }
        }
    }

    /// Of the defaults: closed loop, 64 connections on one loop, 1 s of warm-up and 10 s measured, on the best
    /// transport that works here.
    public static Builder builder(List<LoadTarget> targets) {
        return new Builder(targets);
    }

    /// A builder that starts from this plan.
    public Builder toBuilder() {
        return new Builder(targets)
                .concurrency(connections, threads)
                .mode(mode)
                .durations(warmUp, duration)
                .warmUpClosed(warmUpClosed)
                .tail(tail)
                .transport(transport)
                .bodySampleEvery(bodySampleEvery)
                .timeout(timeout)
                .seed(seed)
                .expectedBodies(expectedBodies)
                .histogramLog(histogramLog)
                .cpus(cpus)
                .warmUpTargets(warmUpTargets)
                .requestFields(requestFields);
    }

    /// [Transport#preferred()]. Not `io_uring`: at 1 MiB it costs the generator 1.1 to 1.4 times as much (a receive
    /// buffer per connection
    /// instead of one that stays in the cache), and a generator that is busier is woken less, by some servers more
    /// than by others, which makes them look cheaper than they are (kernel-notes/wake-ups.md).
    public static Transport defaultTransport() {
        return Transport.preferred();
    }

    /// Whether each target is asked for once at most.
    boolean eachOnce() {
        return !warmUpTargets.isEmpty();
    }

    private static Set<String> paths(List<LoadTarget> targets, List<LoadTarget> warmUpTargets) {
        Set<String> paths = new HashSet<>();
        targets.forEach(target -> paths.add(target.path()));
        warmUpTargets.forEach(target -> paths.add(target.path()));
        return paths;
    }

    private static void requireOnce(List<LoadTarget> targets, Map<String, ExpectedBody> expected, LoadMode mode) {
        if (mode.open()) {
            throw new IllegalArgumentException("targets that are asked for once need a closed loop: leave out the rate"
                    + " or the targets of the warm-up");
        }
        for (LoadTarget target : targets) {
            if (!expected.containsKey(target.path())) {
                throw new IllegalArgumentException("'" + target.url() + "' isn't fetched before the window, so that its"
                        + " length and checksum must be given as expected");
            }
        }
    }

    /// RFC 9110 §5.1, §5.5. What decides where a request ends, or where the next goes, is the generator's.
    private static void requireField(String line) {
        if (!FIELD.matcher(line).matches()) {
            throw new IllegalArgumentException(
                    "'" + line + "' is no field of a request. Write 'Name: value', as in 'If-None-Match: \"tag\"'");
        }
        String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
        if (OWN_FIELDS.contains(name)) {
            throw new IllegalArgumentException("'" + line + "' isn't for a plan to say: the generator sends Host, keeps"
                    + " its connections and sends no bodies");
        }
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ". Choose " + least + " to " + most);
        }
    }

    private static void requireSpan(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "the " + name + " is " + seconds(value) + ". Choose " + seconds(least) + " to " + seconds(most));
        }
    }

    private static String seconds(Duration value) {
        return value.toNanos() / 1e9 + " s";
    }

    /// Gathers a plan; [#build()] checks it. For one thread.
    public static final class Builder {
        private final List<LoadTarget> targets;
        private int connections = CONNECTIONS_DEFAULT;
        private int threads = 1;
        private LoadMode mode = new LoadMode.Closed();
        private Duration warmUp = Duration.ofSeconds(1);
        private Duration warmUpClosed = Duration.ZERO;
        private Duration duration = Duration.ofSeconds(10);
        private Duration tail = Duration.ZERO;
        private Optional<Transport> transport = Optional.empty();
        private int bodySampleEvery = BODY_SAMPLE_EVERY_DEFAULT;
        private Duration timeout = Duration.ofSeconds(10);
        private long seed = 1;
        private Map<String, ExpectedBody> expectedBodies = Map.of();
        private Optional<Path> histogramLog = Optional.empty();
        private List<Integer> cpus = List.of();
        private List<LoadTarget> warmUpTargets = List.of();
        private List<String> requestFields = List.of();

        private Builder(List<LoadTarget> targets) {
            this.targets = targets;
        }

        public Builder concurrency(int connections, int threads) {
            this.connections = connections;
            this.threads = threads;
            return this;
        }

        public Builder mode(LoadMode mode) {
            this.mode = mode;
            return this;
        }

        public Builder durations(Duration warmUp, Duration duration) {
            this.warmUp = warmUp;
            this.duration = duration;
            return this;
        }

        /// How much of the warm-up of an open loop goes in a closed loop.
        public Builder warmUpClosed(Duration warmUpClosed) {
            this.warmUpClosed = warmUpClosed;
            return this;
        }

        public Builder tail(Duration tail) {
            this.tail = tail;
            return this;
        }

        public Builder transport(Transport transport) {
            this.transport = Optional.of(transport);
            return this;
        }

        public Builder bodySampleEvery(int bodySampleEvery) {
            this.bodySampleEvery = bodySampleEvery;
            return this;
        }

        public Builder timeout(Duration timeout) {
            this.timeout = timeout;
            return this;
        }

        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        public Builder expectedBodies(Map<String, ExpectedBody> expectedBodies) {
            this.expectedBodies = expectedBodies;
            return this;
        }

        public Builder histogramLog(Optional<Path> histogramLog) {
            this.histogramLog = histogramLog;
            return this;
        }

        public Builder cpus(List<Integer> cpus) {
            this.cpus = cpus;
            return this;
        }

        /// See the plan about what these do to the targets.
        public Builder warmUpTargets(List<LoadTarget> warmUpTargets) {
            this.warmUpTargets = warmUpTargets;
            return this;
        }

        public Builder requestFields(List<String> requestFields) {
            this.requestFields = requestFields;
            return this;
        }

        /// @throws IllegalArgumentException with a message for a person if such a run can't be
        public LoadPlan build() {
            return new LoadPlan(
                    targets,
                    connections,
                    threads,
                    mode,
                    warmUp,
                    warmUpClosed,
                    duration,
                    tail,
                    transport.orElseGet(LoadPlan::defaultTransport),
                    bodySampleEvery,
                    timeout,
                    seed,
                    expectedBodies,
                    histogramLog,
                    cpus,
                    warmUpTargets,
                    requestFields);
        }
    }
}
