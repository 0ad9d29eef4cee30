package ringside.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import ringside.bench.plan.BenchPlanBuilder;
import ringside.bench.plan.SideSpec;
import ringside.loadtest.LoadPlan;

/// The flags that say what `bench` is to do. A plan file's keys are called alike.
final class PlanOptions {

    @Option(
            names = "--engines",
            paramLabel = "NAME[:OPTION=VALUE,...],...",
            description = "Engines to compare (default: memory,blocking,sendfile,aio,uring,direct; beside peers"
                    + " sendfile,uring; none where there is a --side).")
    private @Nullable String engines;

    @Option(
            names = "--transports",
            split = ",",
            paramLabel = "NAME",
            description = "nio, epoll, io_uring; every engine runs on each (default: the one that suits the"
                    + " engine; beside peers sendfile on epoll and io_uring).")
    private @Nullable List<String> transports;

    @Option(
            names = {"--peer", "--peers"},
            split = ",",
            paramLabel = "NAME",
            description = "Other servers, measured alike: nginx, nginx-read, h2o, lighttpd.")
    private @Nullable List<String> peers;

    @Option(
            names = "--side",
            paramLabel = "NAME=KEY:VALUE[;KEY:VALUE...]",
            description =
                    "A side described on its own; may be given several times. Keys: engine, transport, jvm (flags);"
                            + " jar (a ringside.jar) or commit (built from this checkout); peer; command (a shell line with"
                            + " {port} and {root} in it).")
    private @Nullable List<String> sides;

    @Option(
            names = "--baseline",
            paramLabel = "SIDE",
            description = "The side that the others are held against, by its label: blocking/epoll, nginx (default: the"
                    + " first peer, else the first that is listed; memory, which reads no file, only when there is no"
                    + " other).")
    private @Nullable String baseline;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "SIZE",
            description = "Sizes of the generated files: bytes, or 1k,16k,1m (default: 16k; beside peers 1k,16k,1m).")
    private @Nullable List<String> sizes;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "Serve the files of this directory instead of generated ones.")
    private @Nullable Path root;

    @Option(
            names = "--connections",
            split = ",",
            paramLabel = "COUNT",
            description = "Connections kept alive; with several counts, each is measured (default: "
                    + LoadPlan.CONNECTIONS_DEFAULT + ").")
    private @Nullable List<String> connections;

    @Option(
            names = {"--rates", "--rate"},
            split = ",",
            paramLabel = "PER-SECOND",
            description =
                    "Open loop: so many requests per second, all connections together; with several rates, each is"
                            + " measured (default: closed loop: each connection asks again when it has its answer).")
    private @Nullable List<String> rates;

    @Option(
            names = "--cache",
            split = ",",
            paramLabel = "STATE",
            description = "hot: the files are in the page cache; cold: none of them is, and each is asked for once at"
                    + " most; hot,cold: both. Checked before each trial, not assumed (default: hot).")
    private @Nullable List<String> caches;

    @Option(
            names = "--find-knee",
            paramLabel = "OBJECTIVE",
            description = "Search each side's highest rate that holds a latency objective: p99<5ms. Quote it.")
    private @Nullable String findKnee;

    @Option(
            names = "--map",
            split = ",",
            paramLabel = "AXIS",
            description = "Two of size, connections, rate, cache: who wins where, over the values of --sizes,"
                    + " --connections, --rates, --cache.")
    private @Nullable List<String> map;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Quantities.Span.class,
            description = "Measured time per trial: 500ms, 10s, 2m (default: fitted to the budget).")
    private @Nullable Duration duration;

    @Option(
            names = "--warmup",
            paramLabel = "TIME|auto[:TIME]",
            description = "Load before the measured time: for a given time, or (auto) until the launch has come to its"
                    + " steady state, but for TIME at most. One that doesn't get there is measured and marked (default:"
                    + " auto, its longest fitted as well).")
    private @Nullable String warmUp;

    @Option(
            names = "--guard",
            paramLabel = "MODE",
            description = "Trials in whose window other programs, the hypervisor, want of memory, heat or a clock that"
                    + " jumped came in between: exclude (they are shown and don't count), mark (they count), off (nobody"
                    + " watches) (default: exclude).")
    private @Nullable String guard;

    @Option(
            names = "--repeats",
            paramLabel = "COUNT",
            description =
                    "Trials of each combination, each with a fresh server (default: 2; beside peers and with --map"
                            + " 4; with --until 10 at least).")
    private @Nullable Integer repeats;

    @Option(
            names = "--until",
            paramLabel = "END",
            description = "resolved: go on until every interval against the baseline is as narrow as --resolve says;"
                    + " budget: go on until the budget is used up; repeats: neither (default).")
    private @Nullable String until;

    @Option(
            names = "--resolve",
            paramLabel = "SHARE",
            description = "How far an interval may reach from its estimate for a run to be resolved (default: 3%%).")
    private @Nullable String resolve;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            converter = Quantities.Span.class,
            description =
                    "What the whole run may take: spans that aren't given are fitted into it (default: 100s; beside"
                            + " peers and with --map 16m; with --until 10m).")
    private @Nullable Duration budget;

    @Option(
            names = "--generators",
            split = ",",
            paramLabel = "NAME",
            description = "Who asks: ringside, wrk (default: ringside).")
    private @Nullable List<String> generators;

    @Option(
            names = "--ledger",
            description = "Counts what the kernel does for a request, too (system calls by name, context switches,"
                    + " faults, I/O): in one more trial of each combination, apart from those that are timed.")
    private boolean ledger;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides the order of trials and the files' contents (default: random, recorded).")
    private @Nullable Long seed;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Part of the results directory's name (default: bench).")
    private @Nullable String name;

    /// Says to the builder what was given; the rest stays as it is.
    ///
    /// @throws IllegalArgumentException a sentence for a person
    void apply(BenchPlanBuilder builder) {
        who(builder);
        what(builder);
        howLong(builder);
        if (generators != null) {
            builder.generators(generators);
        }
        if (ledger) {
            builder.ledger(true);
        }
        if (seed != null) {
            builder.seed(seed);
        }
        if (name != null) {
            builder.name(name);
        }
    }

    private void who(BenchPlanBuilder builder) {
        if (engines != null) {
            builder.engineList(engines);
        }
        if (transports != null) {
            builder.transports(transports);
        }
        if (peers != null) {
            builder.peers(peers);
        }
        if (sides != null) {
            builder.sides(sides.stream().map(SideSpec::parse).toList());
        }
        if (baseline != null) {
            builder.baseline(baseline);
        }
    }

    private void what(BenchPlanBuilder builder) {
        if (sizes != null) {
            builder.sizes(sizes);
        }
        if (root != null) {
            builder.root(root);
        }
        if (connections != null) {
            builder.connectionCounts(connections);
        }
        if (rates != null) {
            builder.rates(rates);
        }
        if (caches != null) {
            builder.caches(caches);
        }
        if (findKnee != null) {
            builder.findKnee(findKnee);
        }
        if (map != null) {
            builder.map(map);
        }
    }

    private void howLong(BenchPlanBuilder builder) {
        if (duration != null) {
            builder.duration(duration);
        }
        if (warmUp != null) {
            builder.warmUp(warmUp);
        }
        if (guard != null) {
            builder.guard(guard);
        }
        if (repeats != null) {
            builder.repeats(repeats);
        }
        if (until != null) {
            builder.until(until);
        }
        if (resolve != null) {
            builder.resolve(resolve);
        }
        if (budget != null) {
            builder.budget(budget);
        }
    }
}
