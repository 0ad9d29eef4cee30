package ringside.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import ringside.bench.peer.Peer;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Load;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// What `ringside bench` is asked for. Made by [BenchPlanBuilder], which has the defaults.
///
/// @param name part of the name of the results directory: letters, digits, `.`, `_`, `-`
/// @param engines with their options; may be empty when there are peers
/// @param transports each engine runs on each of these; empty: on those that suit it ([Contenders#suited])
/// @param sizeBytes of the generated files; empty exactly when `root` is given
/// @param root a directory to serve instead of generated files
/// @param connections kept alive; a workload each
/// @param load closed loop, or open loop with its rate
/// @param caches states of the page cache; a workload each
/// @param untilSteady whether a warm-up ends when the launch has come to its steady state
/// @param warmUp before the window of each trial, with `untilSteady` at most; empty: fitted to the budget
/// @param duration of the window of each trial; empty: fitted to the budget
/// @param repeats launches of each point
/// @param peers other servers to compare with
/// @param askers who sends the requests
/// @param ledger whether to count what the kernel does, in trials of their own: one more of each point
/// @param guard what becomes of trials that the machine disturbed
/// @param seed of the order of trials, of the files' content and of the generator
/// @param resultsDirectory where the run's own directory is made
/// @param baseline label of the side that the others are held against, with or without its transport; empty: the first
///     listed, `memory` apart
/// @param control whether the baseline runs once more, as the A/A arm
/// @param budget what the whole run should take at most, where `warmUp` and `duration` leave a choice
public record BenchPlan(
        String name,
        List<ChosenEngine> engines,
        List<Transport> transports,
        List<Long> sizeBytes,
        Optional<Path> root,
        List<Integer> connections,
        Load load,
        List<Cache> caches,
        boolean untilSteady,
        Optional<Duration> warmUp,
        Optional<Duration> duration,
        int repeats,
        List<Peer> peers,
        List<Asker> askers,
        boolean ledger,
        GuardRule.Mode guard,
        long seed,
        Path resultsDirectory,
        Optional<String> baseline,
        boolean control,
        Duration budget) {

    static final long FILE_BYTES_MAX = 1L << 36;
    static final int CONNECTIONS_MAX = 16_384;
    static final int REPEATS_MAX = 10_000;
    static final Duration SPAN_MAX = Duration.ofHours(24);

    public BenchPlan {
        engines = List.copyOf(engines);
        transports = List.copyOf(transports);
        sizeBytes = List.copyOf(sizeBytes);
        connections = List.copyOf(connections);
        caches = List.copyOf(caches);
        peers = List.copyOf(peers);
        askers = List.copyOf(askers);
        if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith(".")) {
            throw new IllegalArgumentException("the name '" + name
                    + "' can't be part of a directory's name: use up to 64 letters, digits, '.', '_' and '-'");
        }
        if (engines.isEmpty() && peers.isEmpty()) {
            throw new IllegalArgumentException("nothing to measure: name an engine (--engines) or a peer (--peer)");
        }
        if (askers.isEmpty() || connections.isEmpty() || caches.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to measure: name at least one generator, one number of connections and one cache state");
        }
        if (load instanceof Load.Open && caches.contains(Cache.COLD)) {
            throw new IllegalArgumentException(
                    "a cold trial asks for each file once, in a closed loop: leave out --rate or use --cache hot");
        }
        if (root.isPresent() == !sizeBytes.isEmpty()) {
            throw new IllegalArgumentException(
                    root.isPresent()
                            ? "--root serves the files that are there, --sizes generates some: give one of them"
                            : "nothing to ask for: give --sizes or --root");
        }
        sizeBytes.forEach(bytes -> requireRange("a file size", bytes, 1, FILE_BYTES_MAX, "bytes"));
        connections.forEach(count -> requireRange("--connections", count, 1, CONNECTIONS_MAX, "connections"));
        requireRange("--repeats", repeats, 1, REPEATS_MAX, "launches of each point");
        duration.ifPresent(span -> requireSpan("--duration", span, Duration.ofMillis(100)));
        warmUp.ifPresent(span -> requireSpan("--warmup", span, Duration.ZERO));
        requireSpan("the budget", budget, Duration.ofSeconds(1));
        requireDistinct("transport", transports);
        requireDistinct("size", sizeBytes);
        requireDistinct("number of connections", connections);
        requireDistinct("cache state", caches);
        requireDistinct("peer", peers);
        requireDistinct("generator", askers);
        requireDistinct(
                "engine",
                engines.stream().map(e -> e.name() + ":" + e.options()).toList());
    }

    /// How many workloads each contender meets.
    int workloadCount() {
        return Math.max(1, sizeBytes.size()) * connections.size() * caches.size();
    }

    /// How many trials there are with so many entrants.
    int trialCount(int entrants) {
        return entrants * workloadCount() * (repeats + (ledger ? 1 : 0));
    }

    private static void requireRange(String what, long value, long least, long most, String unit) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " is " + value + ", but must be from " + least + " to " + most + " " + unit);
        }
    }

    private static void requireSpan(String what, Duration span, Duration least) {
        if (span.compareTo(least) < 0 || span.compareTo(SPAN_MAX) > 0) {
            throw new IllegalArgumentException(what + " is " + span.toMillis() / 1e3 + " s, but must be from "
                    + least.toMillis() / 1e3 + " s to " + SPAN_MAX.toSeconds() + " s");
        }
    }

    private static void requireDistinct(String what, List<?> values) {
        HashSet<Object> seen = new HashSet<>();
        for (Object value : values) {
            if (!seen.add(value)) {
                throw new IllegalArgumentException(
                        "the same " + what + " is named twice (" + value + "): name each once, --repeats repeats");
            }
        }
    }
}
