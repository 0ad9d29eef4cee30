package ringside.loadtest;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ringside.engines.Transport;

/// What a run of the load generator asks for: everything that decides it, so that a report can be repeated.
///
/// @param targets at least one; all of the same host and port
/// @param connections kept alive and shared out over the threads: at least one each, at most 60,000
/// @param threads event loops, 1 to 1024
/// @param mode closed or open loop
/// @param warmUp driven like the rest, not recorded; may be zero
/// @param duration of the measured window, above zero
/// @param transport what the generator's sockets are driven by
/// @param bodySampleEvery one body in so many has its CRC-32C checked; 1 checks all. The length of every body is
///     checked whatever this says. The checksum has to read the body, which costs about 0.1 ns a byte.
/// @param timeout of a connect and of a request from its send to its last byte; kept to within an eighth of itself, 10
/// ms to 1 s
/// @param seed decides the order of targets and the arrivals of an open loop
/// @param expectedBodies by the target's path as sent ([LoadTarget#path()]): checked before the load starts. A target
///     that isn't in it is fetched once and held to that.
/// @param histogramLog where the `.hlog` goes, if anywhere
/// @param cpus the generator's loop i is pinned to the (i mod size)-th of these; empty pins nothing
/// @param warmUpTargets usually empty. If not, these are what is fetched once beforehand and driven in the warm-up,
///     and `targets` are left alone until the window: each is asked for once at most, in random order, whatever its
///     weight, and the window ends early when all have been. Made for files that must come from the device. Needs a
///     closed loop, and each target's expected body
public record LoadPlan(
        List<LoadTarget> targets,
        int connections,
        int threads,
        LoadMode mode,
        Duration warmUp,
        Duration duration,
        Transport transport,
        int bodySampleEvery,
        Duration timeout,
        long seed,
        Map<String, ExpectedBody> expectedBodies,

        @JsonSerialize(using = PlanJson.PathWriter.class) @JsonDeserialize(using = PlanJson.PathReader.class)
        Optional<Path> histogramLog,

        List<Integer> cpus,
        List<LoadTarget> warmUpTargets) {

    /// Connections when nothing is said.
    public static final int CONNECTIONS_DEFAULT = 64;

    /// One body in so many is checked when nothing is said.
    public static final int BODY_SAMPLE_EVERY_DEFAULT = 64;

    public LoadPlan {
        targets = List.copyOf(targets);
        expectedBodies = Map.copyOf(expectedBodies);
        cpus = List.copyOf(cpus);
        warmUpTargets = List.copyOf(warmUpTargets);
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
        requireRange("threads", threads, 1, 1024);
        requireRange("connections", connections, 1, 60_000);
        if (connections < threads) {
            throw new IllegalArgumentException(connections + " connections can't be shared out over " + threads
                    + " threads. Ask for at least one connection per thread");
        }
        requireRange("bodySampleEvery", bodySampleEvery, 1, Integer.MAX_VALUE);
        requireSpan("warm-up", warmUp, Duration.ZERO, Duration.ofDays(30));
        requireSpan("duration", duration, Duration.ofMillis(1), Duration.ofDays(30));
        requireSpan("timeout", timeout, Duration.ofMillis(1), Duration.ofHours(1));
        for (int cpu : cpus) {
            requireRange("cpu", cpu, 0, 8191);
        }
        Set<String> paths = expectedBodies.isEmpty() ? Set.of() : paths(targets, warmUpTargets);
        for (String path : expectedBodies.keySet()) {
            if (!paths.contains(path)) {
                throw new IllegalArgumentException("a body is expected of '" + path
                        + "', which no target asks for. Name it among the URLs or leave it out");
            }
        }
    }

    /// A plan without targets of its own for the warm-up.
    public LoadPlan(
            List<LoadTarget> targets,
            int connections,
            int threads,
            LoadMode mode,
            Duration warmUp,
            Duration duration,
            Transport transport,
            int bodySampleEvery,
            Duration timeout,
            long seed,
            Map<String, ExpectedBody> expectedBodies,
            Optional<Path> histogramLog,
            List<Integer> cpus) {
        this(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                List.of());
    }

    /// A plan of the defaults: closed loop, 64 connections on one loop, 1 s of warm-up and 10 s measured, on the best
    /// transport that works here.
    public static LoadPlan of(List<LoadTarget> targets) {
        return new LoadPlan(
                targets,
                CONNECTIONS_DEFAULT,
                1,
                new LoadMode.Closed(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                defaultTransport(),
                BODY_SAMPLE_EVERY_DEFAULT,
                Duration.ofSeconds(10),
                1,
                Map.of(),
                Optional.empty(),
                List.of());
    }

    /// `io_uring` if it works here, else `epoll`, else `nio`.
    public static Transport defaultTransport() {
        if (Transport.IO_URING.probe().isAvailable()) {
            return Transport.IO_URING;
        }
        return Transport.EPOLL.probe().isAvailable() ? Transport.EPOLL : Transport.NIO;
    }

    public LoadPlan withConcurrency(int newConnections, int newThreads) {
        return new LoadPlan(
                targets,
                newConnections,
                newThreads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withMode(LoadMode newMode) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                newMode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withDurations(Duration newWarmUp, Duration newDuration) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                newWarmUp,
                newDuration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withTransport(Transport newTransport) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                newTransport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withBodySampleEvery(int newBodySampleEvery) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                newBodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withTimeout(Duration newTimeout) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                newTimeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withSeed(long newSeed) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                newSeed,
                expectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withExpectedBodies(Map<String, ExpectedBody> newExpectedBodies) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                newExpectedBodies,
                histogramLog,
                cpus,
                warmUpTargets);
    }

    public LoadPlan withHistogramLog(Path newHistogramLog) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                Optional.of(newHistogramLog),
                cpus,
                warmUpTargets);
    }

    public LoadPlan withCpus(List<Integer> newCpus) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                newCpus,
                warmUpTargets);
    }

    /// See the class about what these do to `targets`.
    public LoadPlan withWarmUpTargets(List<LoadTarget> newWarmUpTargets) {
        return new LoadPlan(
                targets,
                connections,
                threads,
                mode,
                warmUp,
                duration,
                transport,
                bodySampleEvery,
                timeout,
                seed,
                expectedBodies,
                histogramLog,
                cpus,
                newWarmUpTargets);
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
}
