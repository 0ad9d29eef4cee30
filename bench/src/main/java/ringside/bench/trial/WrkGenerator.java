package ringside.bench.trial;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import ringside.bench.result.Answer;
import ringside.bench.result.HlogFile;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.bench.result.Quantity;
import ringside.bench.result.WarmUp;
import ringside.linux.Kernel;

/// Runs wrk(1) against a server: once to warm it up, once to measure.
///
/// wrk says nothing of its phases and counts in whole seconds. It runs for longer than the window, which begins when
/// its connections stand and ends while its load goes on; the window's cost is read by our clock. Its requests
/// per second are those of its whole run, and the window's requests are that rate times the window's length.
final class WrkGenerator {

    /// From wrk's start to the window: its connections are standing then.
    private static final Duration EDGE = Duration.ofMillis(200);

    /// How much longer than the window wrk runs, at least.
    private static final Duration MORE = Duration.ofSeconds(1);

    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Latency NO_HISTOGRAM = Latency.unmeasurable("wrk gives no histogram");

    /// wrk prints what it read with three digits.
    private static final double READ_SHARE_LEAST = 0.99;

    /// As for our own generator.
    private static final double BUSY_MOST = 0.95;

    private static final Measured NO_COLLECTOR = Measured.unmeasurable("wrk doesn't tell of its collector");

    private final Kernel kernel;
    private final Children children;
    private final TrialSettings settings;
    private final FileCacheState cache;
    private final Path program;

    WrkGenerator(Kernel kernel, Children children, TrialSettings settings, FileCacheState cache, Path program) {
        this.kernel = kernel;
        this.children = children;
        this.settings = settings;
        this.cache = cache;
        this.program = program;
    }

    Asked run(Point point, RunningServer server, Path histogramLog, WindowWatch watch)
            throws TrialFailure, IOException, InterruptedException {
        Measured before = cache.measure(point.files());
        Duration warmUp = wholeSeconds(
                Duration.ofNanos(Math.round(settings.rules().warmUp().mostSeconds() * 1e9)));
        boolean isWarmedUp = settings.rules().warmUp().mostSeconds() > 0;
        if (isWarmedUp) {
            try (Child warming = start(point, server, warmUp)) {
                output(warming, server, warmUp);
            }
        }
        Duration whole = wholeSeconds(settings.duration().plus(MORE));
        try (Child child = start(point, server, whole)) {
            CostMeter meter = new CostMeter(
                    kernel, server.pid(), child.pid(), settings.cpus().server());
            child.sleepBeside(EDGE);
            meter.prepare();
            watch.prepare(server);
            watch.approach();
            meter.approach();
            watch.begin();
            meter.begin();
            long beginNanos = System.nanoTime();
            child.sleepBeside(settings.duration());
            double seconds = (System.nanoTime() - beginNanos) / 1e9;
            watch.end();
            CostMeter.Rates rates = meter.end();
            watch.leave();
            Measured after = cache.measure(point.files());
            WrkOutput output = output(child, server, whole);
            Files.writeString(
                    histogramLog, HlogFile.WITHOUT_HISTOGRAM + "wrk gives no histogram\n", StandardCharsets.UTF_8);
            WarmUp warmedUp = new WarmUp(
                    (isWarmedUp ? warmUp.toMillis() : 0) / 1e3,
                    WarmUp.Ended.TIME,
                    "a run of wrk in whole seconds, which says nothing while it lasts");
            return asked(point, output, seconds, rates, before, after, warmedUp);
        }
    }

    private Child start(Point point, RunningServer server, Duration whole) throws IOException {
        List<String> command = List.of(
                program.toString(),
                "-t1",
                "-c" + point.workload().connections(),
                "-d" + whole.toSeconds() + "s",
                point.files().urls(server.base()).getFirst());
        return children.start("wrk", command, settings.cpus().generator());
    }

    private static WrkOutput output(Child child, RunningServer server, Duration span)
            throws TrialFailure, InterruptedException {
        StringJoiner text = new StringJoiner("\n");
        Duration patience = span.plus(SLACK);
        for (Optional<Child.Line> line = child.nextLine(patience, "Requests/sec");
                line.isPresent();
                line = child.nextLine(patience, "Requests/sec")) {
            text.add(line.get().text());
        }
        if (!server.isAlive()) {
            throw server.diedEarly("while it was being asked");
        }
        int exitCode = child.awaitExit(SLACK);
        if (exitCode != 0) {
            throw new TrialFailure("wrk ended with exit code " + exitCode + child.tail());
        }
        try {
            return WrkOutput.parse(text.toString());
        } catch (IllegalArgumentException e) {
            throw new TrialFailure(String.valueOf(e.getMessage()));
        }
    }

    private static Asked asked(
            Point point,
            WrkOutput output,
            double seconds,
            CostMeter.Rates rates,
            Measured before,
            Measured after,
            WarmUp warmUp) {
        long sizeBytes = point.files().entries().getFirst().sizeBytes();
        long requests = Math.round(output.requestsPerSecond() * seconds);
        return new Asked(
                seconds,
                requests,
                requests * sizeBytes,
                output.requestsPerSecond(),
                NO_HISTOGRAM,
                NO_HISTOGRAM,
                NO_HISTOGRAM,
                output.errors(),
                0,
                limited(rates),
                "wrk looks at no body; its rate is that of its whole run",
                new Asked.GeneratorLoad(busy(rates), NO_COLLECTOR, NO_COLLECTOR, NO_COLLECTOR),
                warmUp,
                limited(rates).isYes()
                        ? Map.of(Quantity.THROUGHPUT, "wrk was the limit", Quantity.LATENCY, "wrk was the limit")
                        : Map.of(),
                shortBodies(output, sizeBytes),
                rates,
                before,
                after);
    }

    /// wrk runs on one thread here: what it used of a CPU is how busy it was.
    private static Measured busy(CostMeter.Rates rates) {
        return rates.generatorNanos()
                .value()
                .map(nanos -> Measured.of(nanos / 1e9))
                .orElseGet(() -> Measured.unmeasurable(rates.generatorNanos().whyMissing()));
    }

    private static Answer limited(CostMeter.Rates rates) {
        return switch (busy(rates)) {
            case Measured.Value(double share) -> Answer.of(share >= BUSY_MOST);
            case Measured.Unmeasurable(String why) -> Answer.unmeasurable(why);
        };
    }

    /// wrk counts bytes without looking at them: fewer than the bodies have mean that answers were cut or others.
    static Optional<String> shortBodies(WrkOutput output, long sizeBytes) {
        double expected = (double) output.requests() * sizeBytes;
        return output.readBytes() >= expected * READ_SHARE_LEAST
                ? Optional.empty()
                : Optional.of("wrk read %.0f bytes in %d answers, whose bodies alone should have %.0f"
                        .formatted(output.readBytes(), output.requests(), expected));
    }

    private static Duration wholeSeconds(Duration span) {
        return Duration.ofSeconds(Math.max(1, Math.ceilDiv(span.toMillis(), 1000)));
    }
}
