package ringside.bench.explain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import ringside.bench.trial.Children;
import ringside.bench.trial.Contender;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.FileSet;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.RunningServer;
import ringside.bench.trial.TrialFailure;
import ringside.bench.trial.TrialRunner;
import ringside.engines.Availability;
import ringside.engines.Transport;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.Kernel;
import ringside.linux.Reading;
import ringside.linux.TraceFs;
import ringside.linux.TraceInstance;

/// Explains a request: starts a server as a trial does, asks it for a file over one connection until everything is
/// warm, and traces a few requests more.
///
/// Runs once, on the thread that calls [#run()], which must be a platform thread since it is pinned for the time.
/// [#stop()] ends it early from any thread; no process, trace buffer or file stays behind in either case.
public final class Explainer {

    private static final long SEED = 1;

    private final ExplainPlan plan;
    private final Launcher launcher;
    private final Kernel kernel;
    private final Consumer<String> progress;
    private final CpuAffinity affinity;
    private final Children children;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /// @param progress told what is being done
    public Explainer(ExplainPlan plan, Launcher launcher, Kernel kernel, Consumer<String> progress) {
        this.plan = plan;
        this.launcher = launcher;
        this.kernel = kernel;
        this.progress = progress;
        affinity = new CpuAffinity(kernel);
        children = new Children(affinity);
    }

    /// Does it.
    ///
    /// @throws UnsupportedOperationException a sentence: the engine cannot run here, or nobody may trace
    /// @throws IOException a sentence for a person: no file can be made, or the server doesn't answer as it should
    public Explanation run() throws IOException, InterruptedException {
        requireEngine();
        TraceFs traceFs = orUnsupported(TraceFs.find(kernel));
        Files.createDirectories(plan.directory());
        Path root = Files.createTempDirectory(plan.directory(), "explain-").toRealPath();
        CpuSet before = affinity.get();
        CpuPlan cpus = CpuPlan.of(before, cpu -> CpuSet.of(cpu));
        try (children;
                TraceInstance instance = orUnsupported(TraceInstance.open(traceFs))) {
            FileSet files = FileSet.generate(
                    root, "files", plan.sizeBytes(), FileStates.count(plan), SEED, children::requireOpen);
            Contender.Ours ours = new Contender.Ours(plan.engine(), plan.transport());
            progress.accept("starting the server");
            try (RunningServer server = RunningServer.ours(
                    children, launcher, ours, root, cpus.server(), new RunningServer.Mode(true, true))) {
                if (cpus.isPinned()) {
                    affinity.set(cpus.generator());
                }
                return new TracedServer(plan, kernel, instance, server, files, cpus, progress).explain();
            }
        } catch (TrialFailure e) {
            throw new IOException(e.reason(), e);
        } finally {
            affinity.set(before);
            TrialRunner.deleteTree(root);
        }
    }

    /// Ends it early: [#run()] fails soon.
    public void stop() {
        stopping.set(true);
        children.close();
    }

    /// Whether it was ended early: then what [#run()] throws isn't worth a word.
    public boolean isStopped() {
        return stopping.get();
    }

    private void requireEngine() {
        Transport transport = plan.transport();
        Availability availability = plan.engine().engine().probe(kernel, transport);
        if (availability instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new UnsupportedOperationException(
                    plan.engine().name() + " can't run on " + transport.id() + ": " + reason + ". " + remedy);
        }
    }

    private static <T> T orUnsupported(Reading<T> reading) {
        return reading.value()
                .orElseThrow(() -> new UnsupportedOperationException("a request can't be traced here: "
                        + reading.whyMissing() + " Tracing needs root: run this as root"));
    }
}
