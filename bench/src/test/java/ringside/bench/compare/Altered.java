package ringside.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import ringside.bench.result.Answer;
import ringside.bench.result.Environment;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.result.SampleRuns;
import ringside.bench.result.Side;
import ringside.bench.result.Trial;

/// Kept runs that differ in one thing.
public final class Altered {

    private Altered() {}

    /// Two engines and a peer, five launches, written to `directory`.
    ///
    /// @param dearer by which factor `blocking/epoll` costs more CPU than it would
    public static KeptRun run(Path directory, long seed, double dearer) throws IOException {
        return run(directory, seed, dearer, "Example CPU @ 2.6 GHz", true);
    }

    public static KeptRun run(Path directory, long seed, double dearer, String cpuModel, boolean withPeer)
            throws IOException {
        List<Side> sides = withPeer
                ? List.of(Side.engine("blocking", "epoll"), Side.engine("uring", "io_uring"), Side.peer("nginx"))
                : List.of(Side.engine("blocking", "epoll"), Side.engine("uring", "io_uring"));
        java.nio.file.Files.createDirectories(directory);
        Run run = SampleRuns.generate(directory, "altered", sides, List.of(1024L), 5, List.of(new Load.Closed()), seed);
        List<Trial> trials = run.trials().stream()
                .map(trial -> trial.side().label().equals("blocking/epoll") ? dearer(trial, dearer) : trial)
                .toList();
        Run altered = on(SampleRuns.copy(run, true, trials), cpuModel, seed);
        RunFile.write(directory, altered);
        return KeptRun.read(directory);
    }

    private static Trial dearer(Trial trial, double factor) {
        Measurements m = trial.measurements().orElseThrow();
        Measurements.ServerCost cost = m.server();
        return SampleRuns.withOutcome(
                trial,
                new Outcome.Valid(new Measurements(
                        m.measuredSeconds(),
                        m.requests(),
                        m.bodyBytes(),
                        m.requestsPerSecond(),
                        m.serviceTime(),
                        m.responseTime(),
                        m.sendLag(),
                        new Measurements.ServerCost(
                                times(cost.userMicrosPerRequest(), factor),
                                times(cost.systemMicrosPerRequest(), factor),
                                cost.coreBusyMicrosPerRequest(),
                                cost.contextSwitchesPerRequest(),
                                cost.compilerMicrosPerRequest(),
                                Map.of()),
                        m.generator(),
                        m.residencyBefore(),
                        m.residencyAfter(),
                        m.errors(),
                        m.bodiesChecked(),
                        m.warmUp(),
                        m.surroundings(),
                        m.voidFor(),
                        m.hlogFile())));
    }

    private static Measured times(Measured measured, double factor) {
        return Measured.of(measured.orElse(0) * factor);
    }

    /// On another machine, and later the larger the seed is.
    private static Run on(Run run, String cpuModel, long seed) {
        Environment e = run.environment();
        return new Run(
                run.schemaVersion(),
                run.name(),
                run.startedAt().plusSeconds(86_400 * seed),
                run.finishedAt().plusSeconds(86_400 * seed),
                run.complete(),
                run.seed(),
                run.commandLine(),
                run.ringsideVersion(),
                run.commit(),
                Answer.of(false),
                new Environment(
                        e.kernelRelease(),
                        e.kernelCommandLine(),
                        e.mitigations(),
                        cpuModel,
                        e.cpuCount(),
                        e.memoryBytes(),
                        e.operatingSystem(),
                        e.dataFileSystem(),
                        e.dataDevice(),
                        e.dataMountOptions(),
                        e.jdkVendor(),
                        e.jdkVersion(),
                        e.jvmFlags(),
                        e.serverCpus(),
                        e.generatorCpus(),
                        e.peerVersions()),
                run.plan(),
                run.rules(),
                run.skipped(),
                run.trials(),
                run.ledger(),
                run.binary(),
                run.notes());
    }
}
