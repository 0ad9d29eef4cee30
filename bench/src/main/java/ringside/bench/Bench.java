package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import ringside.bench.evidence.VerdictsFile;
import ringside.bench.report.Reports;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Load;
import ringside.bench.result.Plan;
import ringside.bench.result.Rules;
import ringside.bench.result.Run;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;
import ringside.bench.trial.Asker;
import ringside.bench.trial.Children;
import ringside.bench.trial.Contender;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.Point;
import ringside.bench.trial.TrialRunner;
import ringside.bench.trial.TrialSettings;
import ringside.engines.ByteSize;
import ringside.linux.CpuAffinity;
import ringside.linux.Kernel;
import ringside.loadtest.LoadPlan;

/// The experiment: expands a plan, prepares files, runs the trials in their order, and keeps `run.json` up to date
/// after each of them.
///
/// Runs once, on the thread that calls [#run()], which must be a platform thread since it is pinned for the time.
/// [#stop()] ends it early: the trial under way is broken off, no process stays behind, and what was finished is
/// written. Who wants that of SIGINT and SIGTERM calls it from a shutdown hook that waits for [#run()].
public final class Bench {

    /// How long after the death of a child to wait for word that all of this is being ended: a terminal sends
    /// Ctrl-C to the children as well, and they may be faster.
    private static final Duration WORD_OF_END = Duration.ofMillis(250);

    private final BenchPlan plan;
    private final Launcher launcher;
    private final Kernel kernel;
    private final BenchObserver observer;
    private final RunWords words;
    private final Children children;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch stopping = new CountDownLatch(1);

    /// What a run's record says of its making.
    ///
    /// @param commandLine arguments as given, without the program's name
    /// @param version of ringside
    /// @param source the checkout that ringside was built from, if it is one
    /// @param binary SHA-256 of the class path, in hexadecimal
    public record RunWords(List<String> commandLine, String version, Path source, String binary) {
        public RunWords {
            commandLine = List.copyOf(commandLine);
        }

        /// Of the program that runs.
        public static RunWords ofThisProcess(List<String> commandLine, String version, Path source) throws IOException {
            return new RunWords(commandLine, version, source, Binary.sha256(System.getProperty("java.class.path")));
        }
    }

    public Bench(BenchPlan plan, Launcher launcher, Kernel kernel, BenchObserver observer, RunWords words) {
        this.plan = plan;
        this.launcher = launcher;
        this.kernel = kernel;
        this.observer = observer;
        this.words = words;
        this.children = new Children(new CpuAffinity(kernel));
    }

    /// Runs the plan.
    ///
    /// @return also when it was stopped early: with the trials that were finished
    /// @throws IOException a sentence for a person: the results directory can't be written, no room for the files
    /// @throws UnsupportedOperationException a sentence for a person: nothing of the plan can run on this machine
    public BenchResult run() throws IOException, InterruptedException {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a bench runs once");
        }
        Contenders contenders = Contenders.of(plan, kernel);
        contenders.requireSomething();
        Path directory = RunDirectory.create(
                plan.resultsDirectory(), plan.name(), LocalDateTime.now(java.time.ZoneId.systemDefault()));
        CpuAffinity affinity = new CpuAffinity(kernel);
        CpuPlan cpus = CpuPlan.of(affinity.get(), new CoreSiblings());
        Path files = directory.resolve("files");
        try (children;
                OwnCpus _ = OwnCpus.confine(affinity, cpus)) {
            return trials(contenders, directory, files, cpus);
        } finally {
            TrialRunner.deleteTree(files);
        }
    }

    /// Ends the run early, from any thread: [#run()] returns soon with what was finished.
    public void stop() {
        stopping.countDown();
        children.close();
    }

    private BenchResult trials(Contenders contenders, Path directory, Path files, CpuPlan cpus)
            throws IOException, InterruptedException {
        List<Contenders.Entrant> entrants = contenders.entrants();
        int trialCount = plan.trialCount(entrants.size());
        Budget budget = Budget.fit(plan, trialCount);
        Path root = plan.root().isPresent() ? servedRoot(plan.root().get()) : Files.createDirectory(files);
        Rules rules = budget.rules(plan);
        RunRecord record = new RunRecord(
                directory,
                plan,
                recordedPlan(contenders, budget),
                rules,
                words,
                SourceCommit.of(words.source()),
                EnvironmentProbe.read(kernel, root, launcher, cpus, contenders.running(), contenders.askers()),
                contenders.skipped());
        observer.planned(record.run(), directory, trialCount, budget.total(trialCount));
        List<WorkloadFiles.Prepared> workloads = prepare(root, budget);
        if (isStopping()) {
            return ended(directory, record, false);
        }
        List<Point> points = points(entrants, workloads);
        TrialRunner runner = new TrialRunner(
                kernel,
                children,
                new TrialSettings(
                        launcher,
                        cpus,
                        directory,
                        root,
                        rules,
                        budget.duration(),
                        LoadPlan.defaultTransport(),
                        plan.seed()));
        return ended(directory, record, runAll(runner, points, budget, record));
    }

    /// @return nothing when the run was ended while its files were being prepared
    private List<WorkloadFiles.Prepared> prepare(Path root, Budget budget) throws IOException {
        try {
            return WorkloadFiles.prepare(
                    plan, root, budget.duration(), kernel, observer::preparing, children::requireOpen);
        } catch (IllegalStateException e) {
            if (isStopping()) {
                return List.of();
            }
            throw e;
        }
    }

    private BenchResult ended(Path directory, RunRecord record, boolean complete) throws IOException {
        Run run = record.finish(complete);
        VerdictsFile.write(run, directory);
        Reports.writeAll(directory);
        observer.finished(run, directory);
        return new BenchResult(run, directory, !complete);
    }

    /// @return whether all of them ran
    private boolean runAll(TrialRunner runner, List<Point> points, Budget budget, RunRecord record)
            throws IOException, InterruptedException {
        List<Schedule.Slot> slots = plan.ledger()
                ? Schedule.withLedger(points.size(), plan.repeats(), plan.seed())
                : Schedule.of(points.size(), plan.repeats(), plan.seed());
        TimeLeft left = new TimeLeft(budget.trial());
        for (int index = 0; index < slots.size(); index++) {
            if (isStopping()) {
                return false;
            }
            Schedule.Slot slot = slots.get(index);
            Point point = points.get(slot.point());
            String label = label(point) + (slot.counted() ? " · ledger" : "");
            observer.trialStarted(index, slots.size(), label, left.of(slots.size() - index));
            long startNanos = System.nanoTime();
            Launched launched = tryTrial(runner, index, slot, point);
            if (launched == null) {
                return false;
            }
            left.trialTook(Duration.ofNanos(System.nanoTime() - startNanos));
            launched.keep(record);
            observer.trialFinished(index, slots.size(), label, launched.trial(), left.of(slots.size() - index - 1));
        }
        return true;
    }

    /// A trial of either kind.
    private sealed interface Launched {
        Trial trial();

        void keep(RunRecord record) throws IOException;

        record Timed(Trial trial) implements Launched {
            @Override
            public void keep(RunRecord record) throws IOException {
                record.add(trial);
            }
        }

        record Counted(LedgerTrial counted) implements Launched {
            @Override
            public Trial trial() {
                return counted.trial();
            }

            @Override
            public void keep(RunRecord record) throws IOException {
                record.add(counted);
            }
        }
    }

    /// @return null when the run is being ended, whatever came of the trial: its children may have been killed
    private @Nullable Launched tryTrial(TrialRunner runner, int index, Schedule.Slot slot, Point point)
            throws InterruptedException {
        Launched launched;
        try {
            launched = slot.counted()
                    ? new Launched.Counted(runner.runCounted(index, slot.block(), point))
                    : new Launched.Timed(runner.run(index, slot.block(), point));
        } catch (IllegalStateException e) {
            if (isStopping()) {
                return null;
            }
            throw e;
        }
        boolean valid = launched.trial().isValid();
        if (!valid && stopping.await(WORD_OF_END.toMillis(), TimeUnit.MILLISECONDS)) {
            return null;
        }
        return isStopping() && !valid ? null : launched;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private static List<Point> points(List<Contenders.Entrant> entrants, List<WorkloadFiles.Prepared> workloads) {
        List<Point> points = new ArrayList<>();
        for (WorkloadFiles.Prepared prepared : workloads) {
            for (Contenders.Entrant entrant : entrants) {
                points.add(new Point(
                        entrant.contender(),
                        entrant.asker(),
                        prepared.workload(),
                        prepared.files(),
                        prepared.warmUpFiles()));
            }
        }
        return points;
    }

    private String label(Point point) {
        Workload workload = point.workload();
        StringBuilder label = new StringBuilder(point.side().label()).append(" · ");
        label.append(plan.root().isPresent() ? String.valueOf(plan.root().get()) : ByteSize.name(workload.fileBytes()));
        if (plan.connections().size() > 1) {
            label.append(" · ").append(workload.connections()).append(" connections");
        }
        if (plan.caches().size() > 1 || workload.cache() == Workload.Cache.COLD) {
            label.append(workload.cache() == Workload.Cache.COLD ? " · cold" : " · hot");
        }
        if (workload.load() instanceof Load.Open(double rate)) {
            label.append(" · %.0f/s".formatted(rate));
        }
        return label.toString();
    }

    private Plan recordedPlan(Contenders contenders, Budget budget) {
        List<String> transports = contenders.running().stream()
                .filter(Contender.Ours.class::isInstance)
                .map(contender -> ((Contender.Ours) contender).transport().id())
                .distinct()
                .toList();
        return new Plan(
                plan.engines().stream().map(engine -> engine.name()).distinct().toList(),
                transports,
                plan.sizeBytes(),
                plan.connections(),
                List.of(plan.load()),
                plan.caches(),
                budget.duration().toMillis() / 1e3,
                budget.warmUp().toMillis() / 1e3,
                plan.repeats(),
                plan.peers().stream().map(peer -> peer.name()).toList(),
                contenders.askers().stream().map(Asker::id).toList(),
                LoadPlan.defaultTransport().id(),
                plan.root().map(Path::toString).orElse(""),
                contenders.baselineEntrant().map(Contenders.Entrant::label).orElse(""),
                contenders.control().map(Contenders.Entrant::label).orElse(""),
                "",
                List.of(),
                Plan.UNTIL_REPEATS,
                "");
    }

    private static Path servedRoot(Path root) throws IOException {
        if (!Files.isDirectory(root) || !Files.isReadable(root)) {
            throw new IOException("--root " + root + " is no directory that can be read: name one with files to serve");
        }
        return root.toRealPath();
    }
}
