package ringside.bench.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import ringside.bench.result.Answer;
import ringside.bench.result.Latency;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Quantity;
import ringside.bench.result.WarmUp;
import ringside.bench.result.WarmUpRule;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;
import ringside.loadtest.GeneratorCost;
import ringside.loadtest.LatencySummary;
import ringside.loadtest.LoadErrors;
import ringside.loadtest.LoadLimit;
import ringside.loadtest.LoadReport;

/// Runs our load generator against a server: `ringside load … --events`, whose lines say how its warm-up proceeds and
/// when its window begins and ends, and which begins its window when it is told to.
///
/// ```
///  generator:     warming  interval … interval          measuring                measured   done
///  orchestrator:                     steady? ─ looks ─ go                              looks
/// ```
final class RingsideGenerator {

    /// From the start of the JVM to the first request: JVM, connections, one fetch of each target.
    private static final Duration START_MAX = Duration.ofSeconds(60);

    /// How much later than announced an event may come; longer than the generator's own timeout of a request.
    private static final Duration SLACK = Duration.ofSeconds(20);

    /// How long the load goes on after the window, while its cost is read.
    private static final Duration TAIL = Duration.ofMillis(200);

    /// One part of so many of the warm-up before an open loop goes in a closed loop: at a low rate a JVM doesn't get to
    /// compile what it runs, neither the server nor the generator.
    private static final int CLOSED_PART = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kernel kernel;
    private final Children children;
    private final TrialSettings settings;
    private final FileCacheState cache;

    RingsideGenerator(Kernel kernel, Children children, TrialSettings settings, FileCacheState cache) {
        this.kernel = kernel;
        this.children = children;
        this.settings = settings;
        this.cache = cache;
    }

    /// @param residencyBefore what was measured before the start; empty: measured when the warm-up begins
    /// @param histogramLog where the `.hlog` goes
    /// @param watch told of the window
    Asked run(
            Point point,
            RunningServer server,
            Optional<Measured> residencyBefore,
            Path work,
            Path histogramLog,
            WindowWatch watch)
            throws TrialFailure, IOException, InterruptedException {
        Path report = work.resolve("report.json");
        CpuSet cpus = settings.cpus().generator();
        List<String> command = command(point, server, work, report, histogramLog);
        // A warm-up that ends when it is told to needs someone who tells it.
        try (Child child = rule().untilSteady()
                ? children.startListening("generator", command, cpus)
                : children.start("generator", command, cpus)) {
            CostMeter meter = new CostMeter(
                    kernel, server.pid(), child.pid(), settings.cpus().server());
            await(child, server, "warming", START_MAX);
            long warmingNanos = System.nanoTime();
            meter.prepare();
            watch.prepare(server);
            Measured before = residencyBefore.isPresent() ? residencyBefore.get() : stillWarm(point.files());
            WarmUpWatch warmUp = warmUp(point, server, child);
            watch.approach();
            meter.approach();
            boolean still =
                    watch.isCounting() && server.isAsked() && !(point.workload().load() instanceof Load.Open);
            if (still) {
                StandStill.during(kernel, child, server, watch::beginStill);
            }
            if (rule().untilSteady()) {
                child.say("go");
            }
            await(child, server, "measuring", mostWarmUp().plus(SLACK));
            WarmUp warmedUp = warmUp.ended((System.nanoTime() - warmingNanos) / 1e9);
            if (!still) {
                watch.begin();
            }
            meter.begin();
            await(child, server, "measured", settings.duration().plus(SLACK));
            if (!still) {
                watch.end();
            }
            CostMeter.Rates rates = meter.end();
            if (still) {
                StandStill.during(kernel, child, server, watch::end);
            }
            watch.leave();
            Measured after = cache.measure(point.files());
            await(child, server, "done", SLACK);
            int exitCode = child.awaitExit(SLACK);
            if (!Files.exists(report)) {
                throw new TrialFailure(
                        "the generator ended with exit code " + exitCode + " and left no report" + child.tail());
            }
            return asked(LoadReport.read(report), rates, before, after, warmedUp);
        }
    }

    /// Waits until the warm-up may end.
    private WarmUpWatch warmUp(Point point, RunningServer server, Child child)
            throws TrialFailure, InterruptedException {
        WarmUpWatch warmUp = new WarmUpWatch(
                rule(),
                new JvmActivityMeter(kernel, server.pid()),
                new JvmActivityMeter(kernel, child.pid()),
                point.workload().load() instanceof Load.Open ? rule().mostSeconds() / CLOSED_PART : 0);
        Optional<RollingEviction> cold = point.warmUpFiles().map(files -> new RollingEviction(cache, files));
        while (!warmUp.isOver()) {
            JsonNode interval = await(child, server, "interval", mostWarmUp().plus(SLACK));
            warmUp.add(
                    interval.path("elapsedSeconds").asDouble(),
                    interval.path("seconds").asDouble(),
                    interval.path("requests").asLong(),
                    interval.path("p50Micros").asDouble());
            cold.ifPresent(RollingEviction::slice);
        }
        return warmUp;
    }

    private WarmUpRule rule() {
        return settings.rules().warmUp();
    }

    private Duration mostWarmUp() {
        return Duration.ofNanos(Math.round(rule().mostSeconds() * 1e9));
    }

    private List<String> command(Point point, RunningServer server, Path work, Path report, Path histogramLog)
            throws IOException {
        Path expected = work.resolve("expected.txt");
        Path urls = work.resolve("urls.txt");
        Files.write(expected, expectations(point));
        Files.write(urls, point.files().urls(server.base()));
        List<String> arguments = new ArrayList<>(List.of("load", "@" + urls));
        arguments.addAll(
                List.of("--connections", Integer.toString(point.workload().connections())));
        arguments.addAll(List.of("--threads", "1"));
        arguments.addAll(List.of("--transport", settings.generatorTransport().id()));
        if (point.workload().load() instanceof Load.Open(double ratePerSecond)) {
            arguments.addAll(List.of("--rate", Double.toString(ratePerSecond)));
            arguments.addAll(List.of(
                    "--warmup-closed", mostWarmUp().dividedBy(CLOSED_PART).toMillis() + "ms"));
        }
        // Where the end is to be told, the generator's own end of the warm-up is for an orchestrator that has died.
        Duration warmUp = rule().untilSteady() ? mostWarmUp().plus(SLACK) : mostWarmUp();
        arguments.addAll(List.of("--warmup", warmUp.toMillis() + "ms"));
        arguments.addAll(List.of("--duration", settings.duration().toMillis() + "ms"));
        arguments.addAll(List.of("--tail", TAIL.toMillis() + "ms"));
        arguments.addAll(List.of("--seed", Long.toString(settings.seed())));
        arguments.addAll(List.of("--json", report.toString(), "--hlog", histogramLog.toString()));
        arguments.addAll(List.of("--expect", expected.toString(), "--events"));
        if (point.warmUpFiles().isPresent()) {
            for (String url : point.warmUpFiles().get().urls(server.base())) {
                arguments.addAll(List.of("--warmup-url", url));
            }
        }
        return settings.launcher().command(arguments);
    }

    /// A machine short of memory may have dropped pages again: they get a second chance while the warm-up lasts.
    private Measured stillWarm(FileSet files) {
        Measured found = cache.measure(files);
        return found.equals(Measured.of(1)) ? found : cache.warm(files);
    }

    /// A line `path length crc32c-in-hex` for each file.
    private static List<String> expectations(Point point) {
        List<String> lines = new ArrayList<>();
        for (FileSet.Entry entry : point.files().entries()) {
            lines.add(expectation(entry));
        }
        point.warmUpFiles().ifPresent(files -> files.entries().forEach(entry -> lines.add(expectation(entry))));
        return lines;
    }

    private static String expectation(FileSet.Entry entry) {
        return entry.urlPath() + " " + entry.sizeBytes() + " " + Long.toHexString(entry.crc32c());
    }

    /// Other events, and lines that are none, are passed over: the contract may grow.
    private static JsonNode await(Child child, RunningServer server, String event, Duration patience)
            throws TrialFailure, InterruptedException {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            Optional<Child.Line> line = child.nextLine(left, event);
            if (line.isEmpty()) {
                TrialFailure failure = child.diedEarly("before it was " + event);
                throw server.isAlive() ? failure : server.diedEarly("while it was being asked");
            }
            Optional<JsonNode> said = said(line.get().text());
            if (said.isPresent() && event.equals(said.get().path("event").asText())) {
                return said.get();
            }
        }
    }

    /// @return the name in a line such as `{"event":"warming"}`; the empty text for any other
    static String event(String line) {
        return said(line).map(object -> object.path("event").asText()).orElse("");
    }

    /// @return the object of a line that is one
    private static Optional<JsonNode> said(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private Asked asked(LoadReport report, CostMeter.Rates rates, Measured before, Measured after, WarmUp warmUp) {
        Latency unintended = Latency.unmeasurable("closed loop: requests have no intended start");
        return new Asked(
                report.measuredSeconds(),
                report.requests(),
                report.bodyBytes(),
                report.requestsPerSecond(),
                latency(report.serviceTime()),
                report.responseTime().map(RingsideGenerator::latency).orElse(unintended),
                report.sendLag().map(RingsideGenerator::latency).orElse(unintended),
                errors(report.errors()),
                report.bodiesChecked(),
                Answer.of(report.limit().generatorBound()),
                report.limit().sentence(),
                generatorLoad(report.generator()),
                warmUp,
                voidFor(report.limit()),
                failure(report),
                rates,
                before,
                after);
    }

    /// An open loop whose requests weren't sent when they were due measured another load.
    private static Optional<String> failure(LoadReport report) {
        if (!report.complete()) {
            return Optional.of("the generator was stopped before its end");
        }
        return switch (report.limit().kind()) {
            case NONE, GENERATOR_SATURATED, GENERATOR_PAUSED, RATE_NOT_SUSTAINED -> Optional.empty();
            case RATE_NOT_REACHED, GENERATOR_LATE ->
                Optional.of("not the load that was asked for: " + report.limit().sentence());
        };
    }

    /// What of a trial that counts is the generator's own: docs/decisions.
    private Map<Quantity, String> voidFor(LoadLimit limit) {
        if (!settings.cpus().isPinned()) {
            String why = "server and generator share one CPU";
            return Map.of(Quantity.THROUGHPUT, why, Quantity.LATENCY, why);
        }
        return switch (limit.kind()) {
            case NONE, RATE_NOT_SUSTAINED, RATE_NOT_REACHED, GENERATOR_LATE -> Map.of();
            case GENERATOR_SATURATED -> {
                String why = "the generator was the limit";
                yield Map.of(Quantity.THROUGHPUT, why, Quantity.LATENCY, why);
            }
            case GENERATOR_PAUSED -> Map.of(Quantity.LATENCY, "the generator collected garbage");
        };
    }

    private static Asked.GeneratorLoad generatorLoad(GeneratorCost cost) {
        double waited = cost.loopWaitShare().orElse(0);
        return new Asked.GeneratorLoad(
                Measured.of(cost.loopBusyShare() + waited),
                Measured.of((double) cost.gcCount()),
                Measured.of((double) cost.gcPauseMillis()),
                Measured.of((double) cost.gcLongestPauseMillis()));
    }

    private static Latency latency(LatencySummary summary) {
        if (summary.count() == 0) {
            return Latency.unmeasurable("no request was answered");
        }
        return new Latency(
                measured(summary.p50Micros()),
                measured(summary.p90Micros()),
                measured(summary.p99Micros()),
                measured(summary.p999Micros()),
                measured(summary.maxMicros()));
    }

    private static Measured measured(OptionalDouble micros) {
        return micros.isPresent()
                ? Measured.of(micros.getAsDouble())
                : Measured.unmeasurable("too few requests for this percentile");
    }

    private static Map<String, Long> errors(LoadErrors errors) {
        Map<String, Long> byKind = new TreeMap<>();
        byKind.put("connect", errors.connect());
        byKind.put("timeout", errors.timeout());
        byKind.put("reset", errors.reset());
        byKind.put("short body", errors.shortBody());
        byKind.put("status 1xx", errors.status1xx());
        byKind.put("status 3xx", errors.status3xx());
        byKind.put("status 4xx", errors.status4xx());
        byKind.put("status 5xx", errors.status5xx());
        byKind.put("wrong length", errors.wrongLength());
        byKind.put("wrong checksum", errors.wrongChecksum());
        byKind.put("malformed", errors.malformed());
        byKind.put("queue overflow", errors.queueOverflow());
        byKind.values().removeIf(count -> count == 0);
        return byKind;
    }
}
