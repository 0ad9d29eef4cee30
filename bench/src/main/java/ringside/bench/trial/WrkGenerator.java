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
import java.util.TreeMap;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.linux.Kernel;

/// Runs wrk(1) against a server: once to warm it up, once to measure.
///
/// wrk says nothing of its phases and counts in whole seconds. Its costs are read between 150 ms after its
/// start, when its connections stand, and 150 ms before its end; being rates, they fit its requests per second
/// all the same.
final class WrkGenerator {

    private static final Duration EDGE = Duration.ofMillis(150);
    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Latency NO_HISTOGRAM = Latency.unmeasurable("wrk gives no histogram");

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

    Asked run(Point point, RunningServer server, Path histogramLog)
            throws TrialFailure, IOException, InterruptedException {
        if (!settings.warmUp().isZero()) {
            try (Child warming = start(point, server, settings.warmUp())) {
                output(warming, server, wholeSeconds(settings.warmUp()));
            }
        }
        Measured before = cache.measure(point.files());
        Duration duration = wholeSeconds(settings.duration());
        try (Child child = start(point, server, settings.duration())) {
            CostMeter meter = new CostMeter(
                    kernel, server.pid(), child.pid(), settings.cpus().server());
            Thread.sleep(EDGE);
            meter.begin();
            Thread.sleep(duration.minus(EDGE.multipliedBy(2)));
            CostMeter.Rates rates = meter.end();
            WrkOutput output = output(child, server, duration);
            Files.writeString(histogramLog, "#[wrk gives no histogram]\n", StandardCharsets.US_ASCII);
            return asked(point, output, rates, before, cache.measure(point.files()));
        }
    }

    private Child start(Point point, RunningServer server, Duration span) throws IOException {
        List<String> command = List.of(
                program.toString(),
                "-t1",
                "-c" + point.workload().connections(),
                "-d" + wholeSeconds(span).toSeconds() + "s",
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

    private static Asked asked(Point point, WrkOutput output, CostMeter.Rates rates, Measured before, Measured after) {
        Map<String, Long> errors = new TreeMap<>(output.errors());
        return new Asked(
                output.seconds(),
                output.requests(),
                output.requests() * point.files().entries().getFirst().sizeBytes(),
                output.requestsPerSecond(),
                NO_HISTOGRAM,
                NO_HISTOGRAM,
                NO_HISTOGRAM,
                errors,
                0,
                false,
                "wrk doesn't say whether it was the limit; it looks at no body",
                Optional.empty(),
                rates,
                before,
                after);
    }

    private static Duration wholeSeconds(Duration span) {
        return Duration.ofSeconds(Math.max(1, Math.ceilDiv(span.toMillis(), 1000)));
    }
}
