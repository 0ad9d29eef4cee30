package ringside.bench.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import ringside.bench.peer.Peer;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Load;
import ringside.bench.result.Workload;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Contender;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// What `ringside bench` is asked for. Made by [BenchPlanBuilder], which has the defaults.
///
/// @param name part of the name of the results directory: letters, digits, `.`, `_`, `-`
/// @param engines with their options; may be empty when there are peers or sides
/// @param transports each engine runs on each of these; empty: on those that suit it
/// @param sizeBytes of the generated files; empty exactly when `root` is given
/// @param root a directory to serve instead of generated files
/// @param connections kept alive; a workload each
/// @param loads closed loop, or open loop with its rate; a workload each
/// @param caches states of the page cache; a workload each
/// @param untilSteady whether a warm-up ends when the launch has come to its steady state
/// @param warmUp before the window of each trial, with `untilSteady` at most; empty: fitted to the budget
/// @param duration of the window of each trial; empty: fitted to the budget
/// @param repeats launches of each point, at least
/// @param until what ends the run
/// @param resolve how far, as a fraction, an interval may reach from its estimate when the run ends of itself; in a
///     search for a knee, how close the rates that held and didn't hold are at its end
/// @param knee a latency objective whose highest rate is searched for
/// @param map the two axes of the crossover map; empty when none is wanted
/// @param peers other servers to compare with
/// @param sides that are described one by one: other builds, JVM flags, commands
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
        List<Load> loads,
        List<Cache> caches,
        boolean untilSteady,
        Optional<Duration> warmUp,
        Optional<Duration> duration,
        int repeats,
        Until until,
        double resolve,
        Optional<Objective> knee,
        List<Axis> map,
        List<Peer> peers,
        List<SideSpec> sides,
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

    /// What a search for a knee takes for each point, usually: one closed loop, then four rates with two or three
    /// trials each.
    public static final int KNEE_TRIALS_USUAL = 10;

    public BenchPlan {
        engines = List.copyOf(engines);
        transports = List.copyOf(transports);
        sizeBytes = List.copyOf(sizeBytes);
        connections = List.copyOf(connections);
        loads = List.copyOf(loads);
        caches = List.copyOf(caches);
        map = List.copyOf(map);
        sides = List.copyOf(sides);
        peers = List.copyOf(peers);
        askers = List.copyOf(askers);
        if (!name.matches("[A-Za-z0-9._-]{1,64}") || name.startsWith(".")) {
            throw new IllegalArgumentException("the name '" + name
                    + "' can't be part of a directory's name: use up to 64 letters, digits, '.', '_' and '-'");
        }
        if (engines.isEmpty() && peers.isEmpty() && sides.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to measure: name an engine (--engines), a peer (--peer) or a side (--side)");
        }
        if (askers.isEmpty() || connections.isEmpty() || caches.isEmpty() || loads.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to measure: name at least one generator, one number of connections and one cache state");
        }
        boolean open = loads.stream().anyMatch(Load.Open.class::isInstance);
        if (caches.contains(Cache.COLD) && (open || knee.isPresent())) {
            throw new IllegalArgumentException("a cold trial asks for each file once, in a closed loop: leave out "
                    + (open ? "--rates" : "--find-knee") + " or use --cache hot");
        }
        requireSweep(open, knee, until, map, askers, ledger);
        if (map.contains(Axis.RATE) && loads.size() < 2) {
            throw new IllegalArgumentException("--map over rate needs several --rates, such as --rates 1k,5k,20k");
        }
        if (root.isPresent() == !sizeBytes.isEmpty()) {
            throw new IllegalArgumentException(
                    root.isPresent()
                            ? "--root serves the files that are there, --sizes generates some: give one of them"
                            : "nothing to ask for: give --sizes or --root");
        }
        sizeBytes.forEach(bytes -> requireRange("a file size", bytes, 1, FILE_BYTES_MAX, "bytes"));
        connections.forEach(count -> requireRange("--connections", count, 1, CONNECTIONS_MAX, "connections"));
        if (!(resolve >= 0.001 && resolve <= 0.5)) {
            throw new IllegalArgumentException("--resolve is " + resolve * 100 + " %, but must be from 0.1 % to 50 %");
        }
        requireRange("--repeats", repeats, 1, REPEATS_MAX, "launches of each point");
        duration.ifPresent(span -> requireSpan("--duration", span, Duration.ofMillis(100)));
        warmUp.ifPresent(span -> requireSpan("--warmup", span, Duration.ZERO));
        requireSpan("the budget", budget, Duration.ofSeconds(1));
        requireDistinct("transport", transports);
        requireDistinct("size", sizeBytes);
        requireDistinct("number of connections", connections);
        requireDistinct("cache state", caches);
        requireDistinct("rate", loads);
        requireDistinct("axis", map);
        requireDistinct("name of a side", sides.stream().map(SideSpec::name).toList());
        requireDistinct("peer", peers);
        requireDistinct("generator", askers);
        requireDistinct(
                "engine",
                engines.stream().map(e -> e.name() + ":" + e.options()).toList());
    }

    /// How many workloads each contender meets.
    public int workloadCount() {
        return Math.max(1, sizeBytes.size()) * connections.size() * caches.size() * loads.size();
    }

    /// How many trials there are with so many entrants, as far as that is known before: a search for a knee, and a run
    /// until something is so, may need more.
    public int trialCount(int entrants) {
        int launches = repeats + (ledger ? 1 : 0);
        return entrants * workloadCount() * (knee.isPresent() ? KNEE_TRIALS_USUAL : launches);
    }

    /// Whether any load is an open loop, which not every generator can make.
    public boolean hasOpenLoop() {
        return knee.isPresent() || loads.stream().anyMatch(Load.Open.class::isInstance);
    }

    /// The same plan with fewer sides and workloads.
    ///
    /// @param labels of the sides that stay, each as a run calls it
    /// @param workloads whose sizes, connections, loads and cache states stay
    /// @throws IllegalArgumentException when no side of the plan is called so
    public BenchPlan only(Set<String> labels, List<Workload> workloads) {
        Set<ChosenEngine> stayingEngines = new LinkedHashSet<>();
        Set<Transport> stayingTransports = new LinkedHashSet<>();
        for (ChosenEngine engine : engines) {
            for (Transport transport : transports.isEmpty() ? List.of(Transport.values()) : transports) {
                if (isIn(labels, new Contender.Ours(engine, transport))) {
                    stayingEngines.add(engine);
                    stayingTransports.add(transport);
                }
            }
        }
        return new BenchPlan(
                name,
                List.copyOf(stayingEngines),
                List.copyOf(stayingTransports),
                staying(sizeBytes, workloads, Workload::fileBytes),
                root,
                staying(connections, workloads, Workload::connections),
                staying(loads, workloads, Workload::load),
                staying(caches, workloads, Workload::cache),
                untilSteady,
                warmUp,
                duration,
                repeats,
                until,
                resolve,
                knee,
                List.of(),
                peers.stream().filter(peer -> isIn(labels, peer.name())).toList(),
                sides.stream().filter(side -> isIn(labels, side.name())).toList(),
                askers,
                ledger,
                guard,
                seed,
                resultsDirectory,
                baseline,
                control,
                budget);
    }

    private boolean isIn(Set<String> labels, Contender.Ours ours) {
        return askers.stream()
                .anyMatch(asker -> labels.contains(ours.side(asker).label()));
    }

    private boolean isIn(Set<String> labels, String name) {
        return askers.stream().anyMatch(asker -> labels.contains(asker.label(name)));
    }

    private static <T> List<T> staying(List<T> values, List<Workload> workloads, Function<Workload, T> part) {
        return values.stream()
                .filter(value -> workloads.stream().map(part).anyMatch(value::equals))
                .toList();
    }

    /// The same plan with its spans fixed.
    public BenchPlan with(Duration fixedWarmUp, Duration fixedDuration) {
        return new BenchPlan(
                name,
                engines,
                transports,
                sizeBytes,
                root,
                connections,
                loads,
                caches,
                untilSteady,
                Optional.of(fixedWarmUp),
                Optional.of(fixedDuration),
                repeats,
                until,
                resolve,
                knee,
                map,
                peers,
                sides,
                askers,
                ledger,
                guard,
                seed,
                resultsDirectory,
                baseline,
                control,
                budget);
    }

    private static void requireSweep(
            boolean open, Optional<Objective> knee, Until until, List<Axis> map, List<Asker> askers, boolean ledger) {
        if (knee.isPresent() && (open || until != Until.REPEATS || !map.isEmpty())) {
            throw new IllegalArgumentException(
                    "--find-knee chooses the rates and the number of trials itself: leave out "
                            + (open ? "--rates" : until != Until.REPEATS ? "--until" : "--map"));
        }
        if (knee.isPresent() && !askers.equals(List.of(Asker.RINGSIDE))) {
            throw new IllegalArgumentException(
                    "--find-knee needs the response times of ringside's own generator: leave out --generators");
        }
        if (knee.isPresent() && ledger) {
            throw new IllegalArgumentException("--find-knee has no trials to count in: leave out --ledger");
        }
        if (!map.isEmpty() && map.size() != 2) {
            throw new IllegalArgumentException("--map has two axes, such as size,connections");
        }
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
