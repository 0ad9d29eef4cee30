package ringside.bench.result;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/// Synthetic runs for tests and for looking at reports: log-normal service times with a slow tail, costs like
/// those measured on a small machine. Everything follows from the seed.
public final class SampleRuns {
    private static final Instant START = Instant.parse("2026-01-15T09:30:00Z");
    private static final int REQUESTS_IN_HISTOGRAM = 20_000;

    private static final Map<String, Double> COSTS = Map.of(
            "memory",
            0.0,
            "blocking",
            0.2,
            "uring",
            0.15,
            "sendfile",
            0.6,
            "aio",
            2.2,
            "direct",
            6.0,
            "nginx",
            2.5,
            "nginx-read",
            1.0,
            "h2o",
            1.5,
            "uring-direct",
            4.0);

    private SampleRuns() {}

    /// Two engines and a peer at two sizes, three launches, with a void, a failed and a skipped one.
    public static Run small() {
        return small(null);
    }

    /// @param directory where the `.hlog` files go
    public static Run small(@Nullable Path directory) {
        List<Side> sides =
                List.of(Side.engine("blocking", "epoll"), Side.engine("sendfile", "epoll"), Side.peer("nginx"));
        Run run = generate(directory, "small", sides, List.of(1024L, 1L << 20), 3, List.of(new Load.Closed()), 7);
        List<Trial> trials = new ArrayList<>(run.trials());
        Trial voided = trials.get(4);
        trials.set(
                4,
                withOutcome(
                        voided,
                        new Outcome.Voided(
                                "12 requests failed: connection reset",
                                voided.measurements().orElseThrow())));
        trials.set(7, withOutcome(trials.get(7), new Outcome.Failed("the server didn't start within 10 s")));
        return copy(run, true, trials);
    }

    /// Fills a directory and returns its run.
    @FunctionalInterface
    public interface Written {
        Run to(Path directory);
    }

    /// Six engines × three transports and three peers at three sizes: about as many sides as anyone asks for.
    public static Run large(Path directory, int repeats) {
        List<Side> sides = new ArrayList<>();
        for (String engine : List.of("memory", "blocking", "sendfile", "aio", "uring", "direct")) {
            for (String transport : List.of("nio", "epoll", "io_uring")) {
                if (!engine.equals("direct") || !transport.equals("nio")) {
                    sides.add(Side.engine(engine, transport));
                }
            }
        }
        for (String peer : List.of("nginx", "nginx-read", "h2o")) {
            sides.add(Side.peer(peer));
        }
        List<Long> sizes = List.of(1L << 10, 16L << 10, 1L << 20);
        return generate(directory, "all-engines", sides, sizes, repeats, List.of(new Load.Closed()), 42);
    }

    /// Four sides that differ in what they ask of the kernel.
    public static Run engines(Path directory) {
        List<Side> sides = List.of(
                Side.engine("blocking", "epoll"),
                Side.engine("sendfile", "epoll"),
                Side.engine("uring", "io_uring"),
                Side.peer("nginx"));
        return generate(directory, "engines", sides, List.of(1024L, 1L << 20), 4, List.of(new Load.Closed()), 11);
    }

    /// One engine, one launch.
    public static Run single(Path directory) {
        List<Side> sides = List.of(Side.engine("uring", "io_uring"));
        return generate(directory, "one", sides, List.of(1024L), 1, List.of(new Load.Closed()), 5);
    }

    /// Response times, and side names longer than usual.
    public static Run openLoop(Path directory) {
        List<Side> sides = List.of(
                Side.engine("uring-direct", "io_uring"),
                Side.engine("blocking", "epoll"),
                new Side(
                        "uring/io_uring,depth=128,registered=true",
                        Side.Kind.ENGINE,
                        "uring",
                        Map.of("depth", "128", "registered", "true"),
                        "io_uring",
                        "builtin"),
                Side.engine("uring", "io_uring"));
        return generate(directory, "open-loop", sides, List.of(4096L), 5, List.of(new Load.Open(20_000)), 9);
    }

    /// As after Ctrl-C.
    public static Run interrupted() {
        Run run = small();
        return copy(run, false, run.trials().subList(0, 3));
    }

    /// @param directory where the `.hlog` files go; null for none
    public static Run generate(
            @Nullable Path directory,
            String name,
            List<Side> sides,
            List<Long> sizes,
            int repeats,
            List<Load> loads,
            long seed) {
        Random random = new Random(seed);
        List<Trial> trials = new ArrayList<>();
        for (int block = 0; block < repeats; block++) {
            for (long size : sizes) {
                for (Load load : loads) {
                    for (Side side : sides) {
                        trials.add(trial(directory, trials.size(), block, side, size, load, random));
                    }
                }
            }
        }
        List<String> engines = sides.stream()
                .filter(s -> s.kind() == Side.Kind.ENGINE)
                .map(Side::engine)
                .distinct()
                .toList();
        List<String> peers = sides.stream()
                .filter(s -> s.kind() == Side.Kind.PEER)
                .map(Side::engine)
                .toList();
        Plan plan = new Plan(
                engines,
                List.of("nio", "epoll", "io_uring"),
                sizes,
                List.of(64),
                loads,
                List.of(Workload.Cache.HOT),
                5,
                1,
                repeats,
                peers,
                List.of("builtin"),
                "epoll",
                "",
                sides.getFirst().label(),
                "",
                "",
                List.of(),
                Plan.UNTIL_REPEATS,
                0.03,
                "");
        return new Run(
                Run.SCHEMA_VERSION,
                name,
                START,
                START.plusSeconds(8L * trials.size()),
                true,
                seed,
                List.of("bench", "--engines", String.join(",", engines), "--repeats", Integer.toString(repeats)),
                "0.1.0-SNAPSHOT",
                "0123456789abcdef0123456789abcdef01234567",
                Answer.of(false),
                environment(peers),
                plan,
                new Rules(WarmUpRule.untilSteady(2), GuardRule.of(GuardRule.Mode.EXCLUDE)),
                List.of(new Run.Skipped(
                        "direct/nio", "the file system has no O_DIRECT", "put the files on ext4 or XFS with --root")),
                trials,
                Ledgers.NONE,
                "",
                List.of());
    }

    private static Trial trial(
            @Nullable Path directory, int index, int block, Side side, long size, Load load, Random random) {
        double character = COSTS.getOrDefault(side.engine(), 0.5);
        boolean ring = side.transport().equals("io_uring");
        double kib = size / 1024.0;
        double nio = side.transport().equals("nio") ? 0.3 : 0;
        double perKib = (0.09 + 0.06 * character) * kib;
        double system = (5.0 + 1.4 * character + perKib - (ring ? 0.3 : 0)) * (1 + 0.02 * random.nextGaussian());
        double user = (0.6 + 0.8 * character + nio + 0.01 * kib) * (1 + 0.04 * random.nextGaussian());
        double busy = (system + user) * (ring ? 1.24 : 1.04);
        double perSecond =
                load instanceof Load.Open(double rate) ? rate : 1e6 / busy * (1 + 0.02 * random.nextGaussian());
        boolean open = load instanceof Load.Open;
        Histogram service = histogram(busy * (open ? 12 : 60), 0.25 + 0.05 * character, random);
        Histogram response = histogram(busy * 16, 0.4 + 0.05 * character, random);
        String hlog = "trials/%03d.hlog".formatted(index);
        if (directory != null) {
            writeHlog(directory.resolve(hlog), service, open ? response : null);
        }
        boolean limited = perSecond > 140_000;
        Latency none = Latency.unmeasurable("a closed loop has no intended start");
        Measurements measurements = new Measurements(
                REQUESTS_IN_HISTOGRAM / perSecond,
                REQUESTS_IN_HISTOGRAM,
                REQUESTS_IN_HISTOGRAM * size,
                round(perSecond),
                Latency.of(service),
                open ? Latency.of(response) : none,
                open ? Latency.of(histogram(9, 0.5, random)) : none,
                new Measurements.ServerCost(
                        Measured.of(round(user)),
                        Measured.of(round(system)),
                        Measured.of(round(busy)),
                        Measured.of(round(0.02 + 0.5 * character)),
                        side.kind() == Side.Kind.ENGINE
                                ? Measured.of(round(0.01 * (system + user)))
                                : Measured.unmeasurable("the server is no JVM"),
                        Map.of("syscalls", Measured.of(round(0.3 + 2 * character)))),
                new Measurements.GeneratorCost(
                        Measured.of(round(4.4 + 0.02 * kib)),
                        Measured.of(limited ? 0.99 : 0.7),
                        Measured.of(1),
                        Measured.of(2),
                        Measured.of(2),
                        Answer.of(limited),
                        limited ? "the generator's core was busy 99 % of the time" : ""),
                Measured.of(1),
                Measured.of(1),
                Map.of(),
                Math.round(perSecond / 20),
                new WarmUp(1.1, WarmUp.Ended.STEADY, "the level has held for 0.6 s, within 3 %"),
                new Surroundings(quiet(1.4), quiet(1), quiet(0.1), List.of()),
                limited
                        ? Map.of(
                                Quantity.THROUGHPUT,
                                "the generator was the limit",
                                Quantity.LATENCY,
                                "the generator was the limit")
                        : Map.of(),
                hlog);
        Workload workload = new Workload(size, false, 64, 64, load, Workload.Cache.HOT);
        return new Trial(
                index,
                block,
                side,
                workload,
                START.plusSeconds(8L * index),
                new Outcome.Valid(measurements),
                List.of());
    }

    private static Surroundings.Span quiet(double seconds) {
        return new Surroundings.Span(
                seconds,
                Measured.of(0.01),
                Map.of("cron", 0.01),
                Measured.of(0),
                Measured.of(0.2),
                Measured.of(0),
                Measured.of(0),
                Measured.of(2),
                Measured.unmeasurable("no cpufreq driver"),
                Measured.unmeasurable("no thermal_throttle"),
                Measured.of(0.4));
    }

    private static Histogram histogram(double medianMicros, double sigma, Random random) {
        Histogram histogram = new Histogram(3);
        double launch = 1 + 0.03 * random.nextGaussian();
        for (int i = 0; i < REQUESTS_IN_HISTOGRAM; i++) {
            double micros = medianMicros * launch * Math.exp(sigma * random.nextGaussian());
            if (random.nextInt(700) == 0) {
                micros += 2_000 * Math.exp(0.8 * random.nextGaussian());
            }
            histogram.recordValue(Math.max(1_000, Math.round(micros * 1_000)));
        }
        return histogram;
    }

    private static void writeHlog(Path path, Histogram service, @Nullable Histogram response) {
        try {
            Files.createDirectories(path.getParent());
            try (PrintStream out = new PrintStream(path.toFile(), StandardCharsets.US_ASCII)) {
                HistogramLogWriter writer = new HistogramLogWriter(out);
                writer.outputLogFormatVersion();
                writer.outputLegend();
                service.setTag("service");
                writer.outputIntervalHistogram(0, 5, service, 1);
                if (response != null) {
                    response.setTag("response");
                    writer.outputIntervalHistogram(0, 5, response, 1);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static Environment environment(List<String> peers) {
        Map<String, String> versions = new java.util.TreeMap<>();
        peers.forEach(peer -> versions.put(peer, peer + "/1.26.0"));
        return new Environment(
                "6.18.0",
                "console=ttyS0 root=/dev/vda1",
                Map.of("meltdown", "Not affected", "spectre_v2", "Mitigation: Enhanced / Automatic IBRS"),
                "Example CPU @ 2.6 GHz",
                Measured.of(2),
                Measured.of(8L << 30),
                "Example Linux 13",
                "ext4",
                "/dev/vda1",
                "rw,relatime",
                "Eclipse Adoptium",
                "25.0.1+8-LTS",
                List.of("-XX:+UseSerialGC", "-Xmx512m"),
                "0",
                "1",
                versions);
    }

    public static Trial withOutcome(Trial trial, Outcome outcome) {
        return new Trial(
                trial.index(),
                trial.block(),
                trial.side(),
                trial.workload(),
                trial.startedAt(),
                outcome,
                trial.notes());
    }

    public static Run copy(Run run, boolean complete, List<Trial> trials) {
        return with(run, complete, trials, run.plan(), run.ledger());
    }

    /// The same run with an A/A arm: the first side once more, with the very same numbers.
    public static Run controlled(Run run) {
        String baseline = run.plan().baseline();
        List<Trial> trials = new ArrayList<>(run.trials());
        for (Trial trial : run.trials()) {
            if (trial.side().label().equals(baseline)) {
                trials.add(new Trial(
                        trials.size(),
                        trial.block(),
                        trial.side().named("A/A " + baseline),
                        trial.workload(),
                        trial.startedAt(),
                        trial.outcome(),
                        trial.notes()));
            }
        }
        Plan plan = plan(
                run.plan(),
                baseline,
                "A/A " + baseline,
                run.plan().map(),
                run.plan().yaml());
        return with(run, run.complete(), trials, plan, run.ledger());
    }

    /// The same run by another plan for `--plan`.
    public static Run planned(Run run, String yaml) {
        Plan plan = plan(
                run.plan(),
                run.plan().baseline(),
                run.plan().control(),
                run.plan().map(),
                yaml);
        return with(run, run.complete(), run.trials(), plan, run.ledger());
    }

    /// The same run, asked for a map.
    public static Run mapped(Run run, List<String> axes) {
        Plan plan = run.plan();
        Plan mapped = plan(plan, plan.baseline(), plan.control(), axes, plan.yaml());
        return with(run, run.complete(), run.trials(), mapped, run.ledger());
    }

    private static Plan plan(Plan plan, String baseline, String control, List<String> map, String yaml) {
        return new Plan(
                plan.engines(),
                plan.transports(),
                plan.sizeBytes(),
                plan.connections(),
                plan.loads(),
                plan.caches(),
                plan.durationSeconds(),
                plan.warmUpSeconds(),
                plan.repeats(),
                plan.peers(),
                plan.generators(),
                plan.generatorTransport(),
                plan.root(),
                baseline,
                control,
                plan.knee(),
                map,
                plan.until(),
                plan.resolve(),
                yaml);
    }

    /// The same run with a ledger trial of each point; what each side does for a request follows from its name.
    public static Run counted(Run run) {
        List<LedgerTrial> counted = new ArrayList<>();
        int index = run.trials().size();
        for (Trial trial : run.trials()) {
            boolean known = counted.stream()
                    .anyMatch(other -> other.trial().side().equals(trial.side())
                            && other.trial().workload().equals(trial.workload()));
            if (!known && trial.isValid()) {
                Trial another = new Trial(
                        index++,
                        run.plan().repeats(),
                        trial.side(),
                        trial.workload(),
                        trial.startedAt(),
                        trial.outcome(),
                        trial.notes());
                counted.add(new LedgerTrial(another, SampleLedgers.of(another)));
            }
        }
        return with(run, Ledgers.of(counted, run.trials()));
    }

    public static Run with(Run run, Ledgers ledgers) {
        return with(run, run.complete(), run.trials(), run.plan(), ledgers);
    }

    private static Run with(Run run, boolean complete, List<Trial> trials, Plan plan, Ledgers ledgers) {
        return new Run(
                run.schemaVersion(),
                run.name(),
                run.startedAt(),
                run.finishedAt(),
                complete,
                run.seed(),
                run.commandLine(),
                run.ringsideVersion(),
                run.commit(),
                run.dirty(),
                run.environment(),
                plan,
                run.rules(),
                run.skipped(),
                trials,
                ledgers,
                run.binary(),
                run.notes());
    }
}
