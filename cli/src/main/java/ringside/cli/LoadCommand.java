package ringside.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ringside.engines.Transport;
import ringside.linux.CpuSet;
import ringside.linux.Terminal;
import ringside.loadtest.ExpectedBody;
import ringside.loadtest.LoadGenerator;
import ringside.loadtest.LoadMode;
import ringside.loadtest.LoadPlan;
import ringside.loadtest.LoadReport;
import ringside.loadtest.LoadTarget;

/// `ringside load`: drives any HTTP/1.1 server and says how it answered.
@Command(
        name = "load",
        description = {
            "Drives an HTTP/1.1 server and measures its answers; verifies every length and a sample of the bytes.",
            "",
            "Closed loop by default: each connection asks again when it has its answer. With --rate, open loop:"
                    + " requests start by the clock, and latency counts from the intended start, so that a stall is"
                    + " charged to every request that it delayed."
        },
        footer = {
            "",
            "Examples:",
            "  ringside load http://127.0.0.1:8080/index.html",
            "  ringside load --rate 5000 9@http://127.0.0.1:8080/a 1@http://127.0.0.1:8080/b",
            "  ringside load -H 'If-None-Match: *' http://127.0.0.1:8080/index.html",
            "  ringside load -c 256 --json report.json --hlog latency.hlog @urls.txt"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {

    /// For what comes after the last answer: the report and its file.
    private static final Duration GRACE = Duration.ofSeconds(20);

    @Parameters(
            arity = "1..*",
            paramLabel = "[WEIGHT@]URL",
            description = "What to ask for: http://host:port/path, with a weight if some are asked more often."
                    + " @FILE reads arguments from a file.")
    private List<String> urls = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "COUNT",
            defaultValue = LoadPlan.CONNECTIONS_DEFAULT + "",
            description = "Connections kept alive (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "Event loops, which share the connections (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            description = "Open loop: so many requests per second, all connections together.")
    private @Nullable Double ratePerSecond;

    @Option(
            names = "--arrivals",
            paramLabel = "KIND",
            defaultValue = "constant",
            description = "Open loop: gaps between requests, constant or poisson (default: ${DEFAULT-VALUE}).")
    private LoadMode.Arrivals arrivals = LoadMode.Arrivals.CONSTANT;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Quantities.Span.class,
            description = "Measured time: 500ms, 10s, 2m (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Option(
            names = {"-w", "--warmup"},
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Quantities.Span.class,
            description = "Time before the measured one, under the same load (default: ${DEFAULT-VALUE}).")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--warmup-closed",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = Quantities.Span.class,
            description =
                    "Open loop: so much of the warm-up, its beginning, goes in a closed loop, whatever the rate: a"
                            + " server that compiles as it runs gets there sooner (default: none).")
    private Duration warmUpClosed = Duration.ZERO;

    @Option(
            names = "--warmup-url",
            paramLabel = "URL",
            description = "Ask for this during the warm-up, and for the URLs above only once each, when it is over: for"
                    + " files that must come from the device. Repeatable; needs --expect.")
    private List<String> warmUpUrls = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Quantities.Span.class,
            description = "How long a connect may take, and a request to the last byte of its answer (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "How sockets are driven: nio, epoll or io_uring (default: epoll, or nio where it isn't).")
    private @Nullable String transport;

    @Option(
            names = "--check-every",
            paramLabel = "COUNT",
            defaultValue = LoadPlan.BODY_SAMPLE_EVERY_DEFAULT + "",
            description = "Check the bytes (CRC-32C) of one body in so many; 1 checks all (default: ${DEFAULT-VALUE})."
                    + " Lengths are always checked.")
    private int bodySampleEvery;

    @Option(
            names = "--expect",
            paramLabel = "FILE",
            description = "What the bodies must be: a line 'path length crc32c-in-hex' for each (default: as the first"
                    + " answer to each URL).")
    private @Nullable Path expect;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description =
                    "A field for every request, repeatable. With a condition that holds, such as 'If-None-Match: *',"
                            + " 304 is the right answer.")
    private List<String> headers = List.of();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Decides the order of URLs and Poisson arrivals (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--pin",
            paramLabel = "CPUS",
            description = "CPUs to pin the event loops to, in turn: 0 or 2-3,5 (default: not pinned).")
    private @Nullable String pin;

    @Option(
            names = "--tail",
            defaultValue = "0",
            paramLabel = "TIME",
            converter = Quantities.Span.class,
            description = "Keep the load on for so long after the measured time, uncounted, for those who read the"
                    + " server's CPU time at its end (default: ${DEFAULT-VALUE}).")
    private Duration tail = Duration.ZERO;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the report to this file as JSON; - is standard output.")
    private @Nullable String json;

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description =
                    "Write histograms by interval (100 ms, 250 ms or 1 s, by the duration) to this file (HdrHistogram"
                            + " log; docs/time-series.md).")
    private @Nullable Path histogramLog;

    @Option(
            names = "--events",
            description = "For programs: print one JSON object per phase, and per tenth of a second of the warm-up, on"
                    + " standard output; a line 'go' on standard input ends the warm-up.")
    private boolean events;

    @Override
    public Integer call() throws IOException {
        boolean jsonToStdout = "-".equals(json);
        boolean toStderr = jsonToStdout || events;
        PrintStream out = toStderr ? System.err : System.out;
        int fd = toStderr ? Terminal.STDERR : Terminal.STDOUT;
        LoadPlan plan = Failure.asUsage(spec, this::plan);
        requireWritable();
        LoadGenerator generator = new LoadGenerator(plan, new LoadProgress(out, fd, events, System.out));
        if (events) {
            endWarmUpOnWord(generator);
        }
        // Until all is written: a signal asks for what was measured so far, not for its loss.
        try (Interrupt _ = Interrupt.onSignal(generator::stop, plan.timeout().plus(GRACE))) {
            LoadReport report = generator.run();
            if (jsonToStdout) {
                System.out.println(report.toJson());
            } else if (json != null) {
                report.write(Path.of(json));
            }
            LoadSummary.print(out, Main.ansi(fd), report);
            if (!report.complete()) {
                return Main.EXIT_INTERRUPTED;
            }
            return report.errors().total() == 0 && report.requests() > 0 ? 0 : Main.EXIT_BAD_ANSWER;
        }
    }

    /// The thread ends with standard input or this process.
    private static void endWarmUpOnWord(LoadGenerator generator) {
        Thread.ofPlatform().daemon().name("standard input").start(() -> {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.strip().equals("go")) {
                        generator.endWarmUp();
                    }
                }
            } catch (IOException e) {
                // Nobody speaks any more: the warm-up lasts as long as it may.
            }
        });
    }

    /// Better told now than after the measurement.
    private void requireWritable() throws IOException {
        if (json != null && !json.equals("-")) {
            WritableFile.require("--json", Path.of(json));
        }
        if (histogramLog != null) {
            WritableFile.require("--hlog", histogramLog);
        }
    }

    private LoadPlan plan() throws IOException {
        return LoadPlan.builder(urls.stream().map(LoadCommand::target).toList())
                .concurrency(connections, threads)
                .mode(ratePerSecond == null ? new LoadMode.Closed() : new LoadMode.Open(ratePerSecond, arrivals))
                .durations(warmUp, duration)
                .warmUpClosed(warmUpClosed)
                .transport(transport == null ? LoadPlan.defaultTransport() : Transport.byId(transport))
                .bodySampleEvery(bodySampleEvery)
                .timeout(timeout)
                .seed(seed)
                .expectedBodies(expect == null ? Map.of() : expectedBodies(expect))
                .histogramLog(Optional.ofNullable(histogramLog))
                .cpus(pin == null ? List.of() : cpus(pin))
                .warmUpTargets(warmUpUrls.stream().map(LoadTarget::parse).toList())
                .tail(tail)
                .requestFields(headers)
                .build();
    }

    private static List<Integer> cpus(String list) {
        return Arrays.stream(CpuSet.parse(list).toArray()).boxed().toList();
    }

    /// `WEIGHT@URL`; an @ later in the URL is part of it.
    private static LoadTarget target(String text) {
        int at = text.indexOf('@');
        String before = at < 0 ? "" : text.substring(0, at);
        if (!before.matches("[0-9]+(\\.[0-9]+)?")) {
            return LoadTarget.parse(text);
        }
        return LoadTarget.parse(text.substring(at + 1), Double.parseDouble(before));
    }

    private static Map<String, ExpectedBody> expectedBodies(Path file) throws IOException {
        Map<String, ExpectedBody> bodies = new HashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(" ", -1);
            try {
                bodies.put(fields[0], new ExpectedBody(Long.parseLong(fields[1]), Long.parseLong(fields[2], 16)));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(
                        file + ", line " + number + ": '" + line + "' is not 'path length crc32c-in-hex'", e);
            }
        }
        return bodies;
    }
}
