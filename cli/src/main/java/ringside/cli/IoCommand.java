package ringside.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ringside.bench.io.CacheState;
import ringside.bench.io.JobEvents;
import ringside.bench.io.MeteredLedger;
import ringside.bench.io.ReadExperiment;
import ringside.bench.io.ReadJob;
import ringside.bench.io.ReadPattern;
import ringside.bench.io.ReadPlan;
import ringside.bench.io.ReadReport;
import ringside.bench.io.ReadShape;
import ringside.bench.io.ReadTable;
import ringside.bench.trial.Launcher;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.Kernels;
import ringside.linux.Terminal;

/// `ringside io`: the reading engines without a network.
@Command(
        name = "io",
        description = {
            "Reads a file by the reading engines without a network, as fio would, and says what a read costs.",
            "",
            "Each run is a fresh process with one event loop, pinned to one CPU. With --peer fio the equal job of fio"
                    + " runs in turns with it, metered in the same way."
        },
        footer = {
            "",
            "Examples:",
            "  ringside io --engine blocking,uring --block 4k --depth 32",
            "  ringside io --engine uring --peer fio",
            "  ringside io --engine direct --direct --pattern rand --depth 32 --verify",
            "  ringside io --engine uring --rate 50000 --hlog latency.hlog --json report.json"
        },
        abbreviateSynopsis = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class IoCommand implements Callable<Integer> {

    /// For the end of the children and the deletion of the file.
    private static final Duration GRACE = Duration.ofSeconds(30);

    /// How long the reads go on after the window, while its cost is read.
    private static final Duration TAIL = Duration.ofMillis(500);

    private static final int REPEATS_BESIDE_FIO = 3;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"--engine", "--engines"},
            paramLabel = "NAME[:OPTION=VALUE,...],...",
            defaultValue = "blocking,uring",
            description = "Engines to read by, one after the other (default: ${DEFAULT-VALUE}).")
    private String engines = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Read this regular file (default: one is generated, and deleted afterwards).")
    private @Nullable Path file;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to generate the file (default: the directory for temporary files).")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description =
                    "How much of the file to read, in whole blocks (default: all of --file, 1g of a generated one).")
    private @Nullable String size;

    @Option(
            names = "--block",
            paramLabel = "SIZE",
            defaultValue = "4k",
            description = "Bytes of each read (default: ${DEFAULT-VALUE}).")
    private String block = "";

    @Option(
            names = "--pattern",
            paramLabel = "ORDER",
            defaultValue = "rand",
            description = "rand: blocks in random order; seq: one after the other (default: ${DEFAULT-VALUE}).")
    private String pattern = "";

    @Option(
            names = "--depth",
            paramLabel = "COUNT",
            defaultValue = "32",
            description = "Reads under way at once (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(names = "--direct", description = "Refuse engines that don't read with O_DIRECT.")
    private boolean direct;

    @Option(
            names = "--cache",
            paramLabel = "STATE",
            description = "hot: the file is in the page cache; cold: none of it is, and each block is read once at"
                    + " most. Checked, not assumed (default: hot; none for engines that read with O_DIRECT).")
    private @Nullable String cache;

    @Option(
            names = "--seconds",
            paramLabel = "TIME",
            defaultValue = "5",
            converter = Quantities.Span.class,
            description = "Measured time of each run: 5, 500ms, 2m (default: ${DEFAULT-VALUE}).")
    private Duration seconds = Duration.ZERO;

    @Option(
            names = "--ramp",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = Quantities.Span.class,
            description = "Time before the measured one, under the same reads, in which the JVM compiles (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration ramp = Duration.ZERO;

    @Option(
            names = "--rate",
            paramLabel = "PER-SECOND",
            description = "Open loop: so many reads per second start by the clock, and latency counts from the"
                    + " intended start (default: closed loop: a read starts when another has ended).")
    private @Nullable Double ratePerSecond;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description = "What drives the event loop: nio, epoll or io_uring. The uring engines read on the loop's"
                    + " own ring on io_uring, and elsewhere on one of their own, whose system calls are counted; the"
                    + " two cost the same within 5 %% (default: epoll, or nio where it isn't).")
    private @Nullable String transport;

    @Option(
            names = "--kernel",
            paramLabel = "NAME",
            defaultValue = "ffm",
            description = "How ringside makes system calls: ffm or jna (default: ${DEFAULT-VALUE}).")
    private String kernel = "";

    @Option(
            names = "--verify",
            description = "Check the bytes of every read. Costs CPU time, which counts as the engine's.")
    private boolean verify;

    @Option(
            names = "--repeats",
            paramLabel = "COUNT",
            description = "Runs of each engine, each in a fresh process (default: 1; beside fio 3).")
    private @Nullable Integer repeats;

    @Option(
            names = "--peer",
            paramLabel = "NAME",
            description = "fio: run its equal job in turns with each engine, on the same CPU.")
    private @Nullable String peer;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Decides the order of blocks, and a generated file's content (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--ledger",
            description = "Count what the kernel does for each read: system calls by name, switches, faults, I/O."
                    + " Counting slows the reads: don't compare times with runs without it.")
    private boolean ledger;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the report to this file as JSON; - is standard output.")
    private @Nullable String json;

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Write the latencies to this file (HdrHistogram log, one-second intervals, nanoseconds). With"
                    + " several runs each has its number in the name.")
    private @Nullable Path histogramLog;

    @Option(
            names = "--events",
            description = "Read in this very process, once, by one engine, and print one JSON object per phase, for"
                    + " programs: that is how each run is made.")
    private boolean events;

    @Option(
            names = "--tail",
            hidden = true,
            paramLabel = "TIME",
            defaultValue = "0",
            converter = Quantities.Span.class,
            description = "Keep reading for so long after the measured time, uncounted.")
    private Duration tail = Duration.ZERO;

    @Option(
            names = "--content-seed",
            hidden = true,
            paramLabel = "NUMBER",
            description = "What the file was generated from.")
    private @Nullable Long contentSeed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ReadPlan plan = Failure.asUsage(spec, this::plan);
        if (events) {
            return runHere(plan);
        }
        boolean jsonToStdout = "-".equals(json);
        requireWritable();
        PrintStream out = jsonToStdout ? System.err : System.out;
        Kernel own = new FfmKernel();
        IoProgress progress = new IoProgress(System.err, Terminal.isTerminal(own, Terminal.STDERR));
        ReadExperiment experiment = new ReadExperiment(
                plan,
                Launcher.likeThisProcess(Main.class.getName()),
                own,
                progress,
                ledger ? Optional.of(new MeteredLedger(own)) : Optional.empty());
        // Until all is written: a signal asks for what was finished so far, not for its loss.
        try (Interrupt _ = Interrupt.onSignal(experiment::stop, GRACE)) {
            ReadReport report = experiment.run();
            progress.close();
            out.print(ReadTable.render(report));
            if (jsonToStdout) {
                System.out.println(report.toJson());
            } else if (json != null) {
                Files.writeString(Path.of(json), report.toJson() + "\n");
            }
            if (!report.complete()) {
                return Main.EXIT_INTERRUPTED;
            }
            return report.isGood() ? 0 : Main.EXIT_BAD_ANSWER;
        }
    }

    private int runHere(ReadPlan plan) throws IOException, InterruptedException {
        ReadJob job = Failure.asUsage(spec, () -> {
            if (plan.engines().size() != 1
                    || plan.file().isEmpty()
                    || plan.sizeBytes().isEmpty()) {
                throw new IllegalArgumentException("--events reads by one --engine, and needs --file and --size");
            }
            return plan.shape()
                    .job(
                            plan.engines().getFirst(),
                            plan.file().get(),
                            plan.sizeBytes().getAsLong(),
                            contentSeed == null ? OptionalLong.empty() : OptionalLong.of(contentSeed),
                            plan.histogramLog());
        });
        return JobEvents.print(job, Kernels.byName(plan.shape().kernel()), System.out) ? 0 : Main.EXIT_BAD_ANSWER;
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

    private ReadPlan plan() {
        if (peer != null && !peer.equals("fio")) {
            throw new IllegalArgumentException("unknown peer '" + peer + "'. There is one: fio");
        }
        if (!Kernels.NAMES.contains(kernel)) {
            throw new IllegalArgumentException(
                    "unknown way into the kernel '" + kernel + "'. Choose one of: " + String.join(", ", Kernels.NAMES));
        }
        List<ChosenEngine> chosen = ChosenEngine.parseList(engines);
        ReadShape shape = new ReadShape(
                transport == null ? Transport.preferred() : Transport.byId(transport),
                kernel,
                Math.toIntExact(Math.clamp(ByteSize.parse(block), Integer.MIN_VALUE, Integer.MAX_VALUE)),
                ReadPattern.byId(pattern),
                depth,
                new ReadJob.Times(ramp, seconds, events ? tail : TAIL),
                ratePerSecond == null ? OptionalDouble.empty() : OptionalDouble.of(ratePerSecond),
                cache == null ? Optional.empty() : Optional.of(CacheState.byId(cache)),
                verify,
                seed);
        int runs = repeats != null ? repeats : peer == null ? 1 : REPEATS_BESIDE_FIO;
        return new ReadPlan(
                chosen,
                shape,
                Optional.ofNullable(file),
                directory,
                size == null ? OptionalLong.empty() : OptionalLong.of(ByteSize.parse(size)),
                direct,
                runs,
                peer != null,
                Optional.ofNullable(histogramLog));
    }
}
