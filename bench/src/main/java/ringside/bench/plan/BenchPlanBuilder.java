package ringside.bench.plan;

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
/// engines on the transports that suit them, files of 16 KiB in the page cache, 64 connections in a closed loop, two
/// launches of each point, spans that fit the whole into [#BUDGET]. Beside peers, where it has to be told who is
/// better, the engines that do what a peer does, 1 KiB and 1 MiB as well, and four launches within
/// [#BUDGET_BESIDE_PEERS].
///
/// Setters throw [IllegalArgumentException] with a message for a person. Used by one thread.
public final class BenchPlanBuilder {

    /// What a run without arguments may take: under two minutes with room for a slow machine.
    public static final Duration BUDGET = Duration.ofSeconds(100);

    /// What a run beside peers may take when nothing else is said: with four of them, seven seconds of warm-up in each
    /// trial.
    public static final Duration BUDGET_BESIDE_PEERS = Duration.ofMinutes(20);

    /// One size: a launch needs seconds until its JVM has compiled, and two sizes would leave it half of them
    /// (docs/decisions/0009).
    private static final List<Long> SIZES = List.of(16 * 1024L);
    private static final List<Long> SIZES_BESIDE_PEERS = List.of(1024L, 16 * 1024L, 1024L * 1024);
    /// What `engines` says when there are to be none.
    static final String NO_ENGINES = "none";

    /// What a run that ends of itself, searches, or goes through several rates may take when nothing is said.
    public static final Duration BUDGET_UNTIL = Duration.ofMinutes(10);

    static final String AUTO = "auto";
    static final String AUTO_OF = "auto:";
    private static final int CONNECTIONS = 64;
    /// How close the rates that held and didn't hold are when a search for a knee ends, when nothing is said.
    public static final double KNEE_PRECISION = 0.05;

    private static final double RESOLVE_USUAL = 0.03;
    private static final double RATE_MAX = 1e7;

    /// Fewer launches show their own spread too poorly for a run to end by it.
    private static final int REPEATS_UNTIL = 10;

    private static final int REPEATS = 2;
    private static final int REPEATS_BESIDE_PEERS = 4;

    /// A ceiling, the ways through the page cache, and the one past it.
    public static final List<String> BASIC_ENGINES =
            List.of("memory", "blocking", "sendfile", "aio", "uring", "direct");

    /// Beside peers: what they do (nginx-read reads as `blocking` does), and what they don't.
    private static final List<String> ENGINES_BESIDE_PEERS = List.of("sendfile", "uring");

    /// Where each side's rates are searched, ten trials for one: so many that a trial has time to warm up.
    private static final List<String> ENGINES_OF_A_SEARCH = List.of("blocking", "sendfile", "uring");

    private String name = "bench";
    private Optional<List<ChosenEngine>> engines = Optional.empty();
    private List<Transport> transports = List.of();
    private Optional<List<Long>> sizeBytes = Optional.empty();
    private Optional<Path> root = Optional.empty();
    private Optional<List<Integer>> connections = Optional.empty();
    private Optional<List<Load>> loads = Optional.empty();
    private Optional<List<Cache>> caches = Optional.empty();
    private Until until = Until.REPEATS;
    private Optional<Double> resolve = Optional.empty();
    private Optional<Objective> knee = Optional.empty();
    private List<Axis> map = List.of();
    private List<SideSpec> sides = List.of();
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
        engines = Optional.of(texts.stream().map(ChosenEngine::parse).toList());
        return this;
    }

    /// @param list as [ChosenEngine#parseList] reads it: `blocking,uring:queue-depth=32,chunk-bytes=1m,aio`; `none`
    public BenchPlanBuilder engineList(String list) {
        engines = Optional.of(list.strip().equals(NO_ENGINES) ? List.of() : ChosenEngine.parseList(list));
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
        connections = Optional.of(counts);
        return this;
    }

    /// @param texts whole numbers
    public BenchPlanBuilder connectionCounts(List<String> texts) {
        List<Integer> counts = new ArrayList<>();
        for (String text : texts) {
            try {
                counts.add(Integer.parseInt(text));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no number of connections: write 64, or 1,64,1024", e);
            }
        }
        return connections(counts);
    }

    /// Makes the load an open loop; a workload for each rate.
    ///
    /// @param perSecond over all connections, above 0
    public BenchPlanBuilder rates(double... perSecond) {
        List<Load> open = new ArrayList<>();
        for (double rate : perSecond) {
            if (!(rate > 0 && rate <= RATE_MAX)) {
                throw new IllegalArgumentException("one of --rates is " + rate
                        + ", but must be above 0 and at most 10,000,000 requests per second");
            }
            open.add(new Load.Open(rate));
        }
        loads = Optional.of(open);
        return this;
    }

    /// @param texts requests per second, with `k` for thousands
    public BenchPlanBuilder rates(List<String> texts) {
        double[] rates = new double[texts.size()];
        for (int i = 0; i < rates.length; i++) {
            String text = texts.get(i).toLowerCase(Locale.ROOT);
            boolean thousands = text.endsWith("k");
            try {
                rates[i] = Double.parseDouble(thousands ? text.substring(0, text.length() - 1) : text)
                        * (thousands ? 1000 : 1);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "'" + texts.get(i) + "' is no rate: write requests per second, 5000 or 5k", e);
            }
        }
        return rates(rates);
    }

    /// Searches for the highest rate that holds a latency objective.
    ///
    /// @param objective as [Objective#parse] reads it: `p99<5ms`
    public BenchPlanBuilder findKnee(String objective) {
        knee = Optional.of(Objective.parse(objective));
        return this;
    }

    /// Draws a map of who wins where, over two axes; on an axis of which nothing else is said, over what is usual.
    ///
    /// @param axes two, as [Axis#parse] reads them
    public BenchPlanBuilder map(List<String> axes) {
        map = axes.stream().map(Axis::parse).toList();
        return this;
    }

    /// @param names `hot`, `cold`
    public BenchPlanBuilder caches(List<String> names) {
        caches = Optional.of(names.stream().map(BenchPlanBuilder::cache).toList());
        return this;
    }

    /// @param text `repeats`, `resolved`, `budget`
    public BenchPlanBuilder until(String text) {
        until = Until.parse(text);
        return this;
    }

    /// How far intervals may reach from their estimates when a run ends of itself; in a search for a knee, how close
    /// the rates that held and didn't hold are at its end.
    ///
    /// @param text `3%` or `0.03`
    public BenchPlanBuilder resolve(String text) {
        boolean percent = text.endsWith("%");
        try {
            double number = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            resolve = Optional.of(percent ? number / 100 : number);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no share: write 3%", e);
        }
        return this;
    }

    /// Sides that are described one by one. Where there are some, engines take part only when they are named, too.
    public BenchPlanBuilder sides(List<SideSpec> described) {
        sides = described;
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

    /// @param text a span, `auto`, or `auto:` and the longest span
    public BenchPlanBuilder warmUp(String text) {
        try {
            if (text.equals(AUTO)) {
                return warmUpUntilSteady(Optional.empty());
            }
            return text.startsWith(AUTO_OF)
                    ? warmUpUntilSteady(Optional.of(Spans.parse(text.substring(AUTO_OF.length()))))
                    : warmUp(Spans.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--warmup: " + e.getMessage() + ", or auto, or auto:5s", e);
        }
    }

    /// What becomes of trials that the machine disturbed.
    public BenchPlanBuilder guard(GuardRule.Mode mode) {
        guard = mode;
        return this;
    }

    /// @param text `exclude`, `mark`, `off`
    public BenchPlanBuilder guard(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "exclude" -> guard(GuardRule.Mode.EXCLUDE);
            case "mark" -> guard(GuardRule.Mode.MARK);
            case "off" -> guard(GuardRule.Mode.OFF);
            default ->
                throw new IllegalArgumentException("'" + text + "' is no guard. Choose one of: exclude, mark, off");
        };
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

    /// No A/A arm: for a run whose numbers nobody is going to judge. Not to be had from flags or files.
    public BenchPlanBuilder withoutControl() {
        control = false;
        return this;
    }

    public BenchPlanBuilder budget(Duration span) {
        budget = Optional.of(span);
        return this;
    }

    public BenchPlan build() {
        boolean alone = peers.isEmpty();
        boolean ends = until == Until.REPEATS;
        return new BenchPlan(
                name,
                engines.orElseGet(() -> sides.isEmpty() ? usualEngines() : List.of()),
                transports,
                sizeBytes.orElseGet(() -> root.isPresent() ? List.of() : usualSizes(alone)),
                root,
                connections.orElseGet(this::usualConnections),
                loads.orElseGet(() -> List.of(new Load.Closed())),
                caches.orElseGet(() -> map.contains(Axis.CACHE) ? List.of(Cache.HOT, Cache.COLD) : List.of(Cache.HOT)),
                untilSteady,
                warmUp,
                duration,
                repeats.orElse(!ends ? REPEATS_UNTIL : alone && map.isEmpty() ? REPEATS : REPEATS_BESIDE_PEERS),
                until,
                resolve.orElse(knee.isPresent() ? KNEE_PRECISION : RESOLVE_USUAL),
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
                budget.orElseGet(() -> usualBudget(alone)));
    }

    private Duration usualBudget(boolean alone) {
        if (until != Until.REPEATS || knee.isPresent()) {
            return BUDGET_UNTIL;
        }
        if (!alone || !map.isEmpty()) {
            return BUDGET_BESIDE_PEERS;
        }
        boolean severalRates = loads.stream().anyMatch(several -> several.size() > 1);
        return severalRates ? BUDGET_UNTIL : BUDGET;
    }

    private List<Long> usualSizes(boolean alone) {
        if (map.contains(Axis.SIZE)) {
            return Axis.SIZE.usual().stream().map(ByteSize::parse).toList();
        }
        return alone ? SIZES : SIZES_BESIDE_PEERS;
    }

    private List<Integer> usualConnections() {
        return map.contains(Axis.CONNECTIONS)
                ? Axis.CONNECTIONS.usual().stream().map(Integer::valueOf).toList()
                : List.of(CONNECTIONS);
    }

    private static Cache cache(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "hot" -> Cache.HOT;
            case "cold" -> Cache.COLD;
            default -> throw new IllegalArgumentException("unknown cache state '" + name + "'. Choose hot or cold");
        };
    }

    private List<ChosenEngine> usualEngines() {
        List<String> alone = knee.isPresent() ? ENGINES_OF_A_SEARCH : BASIC_ENGINES;
        List<String> names = peers.isEmpty() ? alone : ENGINES_BESIDE_PEERS;
        return Engines.ALL.stream()
                .filter(engine -> names.contains(engine.spec().name()))
                .map(engine -> new ChosenEngine(engine, EngineOptions.defaults(engine.spec())))
                .toList();
    }
}
