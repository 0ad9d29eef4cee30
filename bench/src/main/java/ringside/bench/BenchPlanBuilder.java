package ringside.bench;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import ringside.bench.peer.Peer;
import ringside.bench.peer.Peers;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Load;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.EngineOptions;
import ringside.engines.Engines;
import ringside.engines.Transport;

/// Builds a [BenchPlan] from words, such as a command line's. What isn't set keeps its default: the basic
/// engines on the transports that suit them, files of 1 KiB and 1 MiB in the page cache, 64 connections in a
/// closed loop, two launches of each point, spans that fit the whole into [#BUDGET]. Beside peers, where it has to
/// be told who is better, 16 KiB as well and four launches within [#BUDGET_BESIDE_PEERS].
///
/// Setters throw [IllegalArgumentException] with a message for a person. Used by one thread.
public final class BenchPlanBuilder {

    /// What a run without arguments may take: under two minutes with room for a slow machine.
    public static final Duration BUDGET = Duration.ofSeconds(90);

    /// What a run beside peers may take when nothing else is said.
    public static final Duration BUDGET_BESIDE_PEERS = Duration.ofMinutes(9);

    private static final List<Long> SIZES = List.of(1024L, 1024L * 1024);
    private static final List<Long> SIZES_BESIDE_PEERS = List.of(1024L, 16 * 1024L, 1024L * 1024);
    private static final int REPEATS = 2;
    private static final int REPEATS_BESIDE_PEERS = 4;

    /// Those that read through the page cache, which is where the default workload's files are. `direct` goes past it:
    /// beside them it isn't ranked, and the A/A arm has its launches.
    static final List<String> BASIC_ENGINES = List.of("memory", "blocking", "sendfile", "aio", "uring");

    private String name = "bench";
    private List<ChosenEngine> engines = basicEngines();
    private List<Transport> transports = List.of();
    private Optional<List<Long>> sizeBytes = Optional.empty();
    private Optional<Path> root = Optional.empty();
    private List<Integer> connections = List.of(64);
    private Load load = new Load.Closed();
    private List<Cache> caches = List.of(Cache.HOT);
    private boolean untilSteady = true;
    private Optional<Duration> warmUp = Optional.empty();
    private Optional<Duration> duration = Optional.empty();
    private Optional<Integer> repeats = Optional.empty();
    private List<Peer> peers = List.of();
    private List<Asker> askers = List.of(Asker.RINGSIDE);
    private boolean ledger;
    private GuardRule.Mode guard = GuardRule.Mode.EXCLUDE;
    private long seed = new SecureRandom().nextLong() & Long.MAX_VALUE;
    private Path resultsDirectory = Path.of("results", "local");
    private Optional<String> baseline = Optional.empty();
    private boolean control = true;
    private Optional<Duration> budget = Optional.empty();

    public BenchPlanBuilder name(String newName) {
        name = newName;
        return this;
    }

    /// @param texts each as [ChosenEngine#parse] reads it
    public BenchPlanBuilder engines(List<String> texts) {
        engines = texts.stream().map(ChosenEngine::parse).toList();
        return this;
    }

    /// @param list as [ChosenEngine#parseList] reads it: `blocking,uring:queue-depth=32,chunk-bytes=1m,aio`
    public BenchPlanBuilder engineList(String list) {
        engines = ChosenEngine.parseList(list);
        return this;
    }

    /// @param ids of [Transport]
    public BenchPlanBuilder transports(List<String> ids) {
        transports = ids.stream().map(Transport::byId).toList();
        return this;
    }

    /// @param texts bytes, with `k`, `m` or `g` for powers of 1024: `1k`, `16k`, `1m`
    public BenchPlanBuilder sizes(List<String> texts) {
        List<Long> parsed = new ArrayList<>();
        for (String text : texts) {
            parsed.add(ByteSize.parse(text));
        }
        sizeBytes = Optional.of(parsed);
        return this;
    }

    /// Serves a directory that is there instead of generated files.
    public BenchPlanBuilder root(Path directory) {
        root = Optional.of(directory);
        return this;
    }

    public BenchPlanBuilder connections(List<Integer> counts) {
        connections = counts;
        return this;
    }

    /// Makes the load an open loop.
    ///
    /// @param perSecond over all connections, above 0
    public BenchPlanBuilder rate(double perSecond) {
        if (!(perSecond > 0 && perSecond <= 1e7)) {
            throw new IllegalArgumentException(
                    "--rate is " + perSecond + ", but must be above 0 and at most 10,000,000 requests per second");
        }
        load = new Load.Open(perSecond);
        return this;
    }

    /// @param names `hot`, `cold`
    public BenchPlanBuilder caches(List<String> names) {
        caches = names.stream().map(BenchPlanBuilder::cache).toList();
        return this;
    }

    /// Each warm-up takes this time.
    public BenchPlanBuilder warmUp(Duration span) {
        untilSteady = false;
        warmUp = Optional.of(span);
        return this;
    }

    /// Each warm-up lasts until the launch has come to its steady state.
    ///
    /// @param most but no longer; empty: fitted to the budget
    public BenchPlanBuilder warmUpUntilSteady(Optional<Duration> most) {
        untilSteady = true;
        warmUp = most;
        return this;
    }

    /// What becomes of trials that the machine disturbed.
    public BenchPlanBuilder guard(GuardRule.Mode mode) {
        guard = mode;
        return this;
    }

    public BenchPlanBuilder duration(Duration span) {
        duration = Optional.of(span);
        return this;
    }

    public BenchPlanBuilder repeats(int launches) {
        repeats = Optional.of(launches);
        return this;
    }

    /// @param names of [Peers#ALL]
    public BenchPlanBuilder peers(List<String> names) {
        peers = names.stream().map(Peers::byName).toList();
        return this;
    }

    /// @param names `ringside`, `wrk`
    public BenchPlanBuilder generators(List<String> names) {
        askers = names.stream().map(Asker::byName).toList();
        return this;
    }

    /// Counts what the kernel does, too: in trials of their own, apart from those that are timed.
    public BenchPlanBuilder ledger(boolean counted) {
        ledger = counted;
        return this;
    }

    public BenchPlanBuilder seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    public BenchPlanBuilder resultsDirectory(Path directory) {
        resultsDirectory = directory;
        return this;
    }

    /// @param label of the side that the others are held against: `blocking/epoll`, or `blocking` where that is one
    /// side
    public BenchPlanBuilder baseline(String label) {
        baseline = Optional.of(label);
        return this;
    }

    /// No A/A arm: for tests of what has nothing to do with it.
    BenchPlanBuilder withoutControl() {
        control = false;
        return this;
    }

    public BenchPlanBuilder budget(Duration span) {
        budget = Optional.of(span);
        return this;
    }

    public BenchPlan build() {
        boolean alone = peers.isEmpty();
        List<Long> sizesOtherwise = root.isPresent() ? List.of() : alone ? SIZES : SIZES_BESIDE_PEERS;
        return new BenchPlan(
                name,
                engines,
                transports,
                sizeBytes.orElse(sizesOtherwise),
                root,
                connections,
                load,
                caches,
                untilSteady,
                warmUp,
                duration,
                repeats.orElse(alone ? REPEATS : REPEATS_BESIDE_PEERS),
                peers,
                askers,
                ledger,
                guard,
                seed,
                resultsDirectory,
                baseline,
                control,
                budget.orElse(alone ? BUDGET : BUDGET_BESIDE_PEERS));
    }

    private static Cache cache(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "hot" -> Cache.HOT;
            case "cold" -> Cache.COLD;
            default -> throw new IllegalArgumentException("unknown cache state '" + name + "'. Choose hot or cold");
        };
    }

    private static List<ChosenEngine> basicEngines() {
        return Engines.ALL.stream()
                .filter(engine -> BASIC_ENGINES.contains(engine.spec().name()))
                .map(engine -> new ChosenEngine(engine, EngineOptions.defaults(engine.spec())))
                .toList();
    }
}
