package ringside.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import ringside.bench.evidence.VerdictsFile;
import ringside.bench.plan.BenchPlan;
import ringside.bench.plan.Until;
import ringside.bench.report.ReportedRun;
import ringside.bench.report.Reports;
import ringside.bench.result.Run;
import ringside.bench.result.RunFile;
import ringside.bench.trial.Build;
import ringside.bench.trial.Children;
import ringside.bench.trial.Contender;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.Point;
import ringside.bench.trial.TrialRunner;
import ringside.bench.trial.TrialSettings;
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

    /// A run that goes on until something is so has spans that let its first blocks run so many times.
    private static final int ROOM_TO_GROW = 2;

    private final BenchPlan plan;
    private final Contenders contenders;
    private final Budget budget;
    private final Launcher launcher;
    private final Kernel kernel;
    private final BenchObserver observer;
    private final RunWords words;
    private final Optional<Path> resumed;
    private final Children children;
    private final RunClock clock = new RunClock();
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

    /// Looks at who can take part; nothing is started or written.
    ///
    /// @param resumed directory of an interrupted run to go on with; its plan is `plan`
    /// @throws IllegalArgumentException a sentence for a person: a side or the baseline isn't there
    /// @throws UnsupportedOperationException likewise: the baseline can't run here
    public Bench(
            BenchPlan plan,
            Launcher launcher,
            Kernel kernel,
            BenchObserver observer,
            RunWords words,
            Optional<Path> resumed)
            throws InterruptedException {
        this.contenders = Contenders.of(plan, kernel, builds(plan, words));
        int trialCount = plan.trialCount(contenders.entrants().size());
        this.budget = Budget.fit(plan, plan.until() == Until.REPEATS ? trialCount : ROOM_TO_GROW * trialCount);
        this.plan = plan.with(budget.warmUp(), budget.duration());
        this.launcher = launcher;
        this.kernel = kernel;
        this.observer = observer;
        this.words = words;
        this.resumed = resumed;
        this.children = new Children(new CpuAffinity(kernel));
    }

    /// A new run.
    public Bench(BenchPlan plan, Launcher launcher, Kernel kernel, BenchObserver observer, RunWords words)
            throws InterruptedException {
        this(plan, launcher, kernel, observer, words, Optional.empty());
    }

    private static Builds builds(BenchPlan plan, RunWords words) {
        return new Builds(words.source(), plan.resultsDirectory().resolve(".builds"));
    }

    /// What would run, and for how long; nothing is started or written.
    public Forecast forecast() {
        return Forecast.of(plan, contenders, budget);
    }

    /// Runs the plan.
    ///
    /// @return also when it was stopped early: with the trials that were finished
    /// @throws IOException a sentence for a person: the results directory can't be written, no room for the files
    /// @throws UnsupportedOperationException a sentence for a person: nothing of the plan can run on this machine,
    ///     or a
    ///     run can't be resumed
    public BenchResult run() throws IOException, InterruptedException {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("a bench runs once");
        }
        contenders.requireSomething();
        Path directory = resumed.isPresent()
                ? resumed.get().toRealPath()
                : RunDirectory.create(plan.resultsDirectory(), plan.name(), LocalDateTime.now(ZoneId.systemDefault()));
        Path files = directory.resolve("files");
        TrialRunner.deleteTree(files); // Of a run that was killed.
        try (children) {
            build();
            CpuAffinity affinity = new CpuAffinity(kernel);
            CpuPlan cpus = CpuPlan.of(affinity.get(), new CoreSiblings());
            try (OwnCpus _ = OwnCpus.confine(affinity, cpus)) {
                return trials(directory, files, cpus);
            }
        } finally {
            TrialRunner.deleteTree(files);
        }
    }

    /// Ends the run early, from any thread: [#run()] returns soon with what was finished.
    public void stop() {
        stopping.countDown();
        children.close();
    }

    /// Makes the builds that aren't there yet, on all CPUs.
    private void build() throws IOException, InterruptedException {
        Set<Build.Commit> commits = new LinkedHashSet<>();
        for (Contender contender : contenders.running()) {
            if (contender instanceof Contender.Built built && built.build() instanceof Build.Commit commit) {
                commits.add(commit);
            }
        }
        for (Build.Commit commit : commits) {
            Builds.waitFor(commit).ifPresent(observer::preparing);
            builds(plan, words).make(commit, children);
        }
    }

    private BenchResult trials(Path directory, Path files, CpuPlan cpus) throws IOException, InterruptedException {
        Path root = plan.root().isPresent() ? servedRoot(plan.root().get()) : Files.createDirectory(files);
        Launcher servers = contenders.hasForeignServers() ? launcher.withoutAotCache() : launcher;
        Run planned = new RunHead(plan, contenders, budget, words)
                .run(
                        clock.now(),
                        EnvironmentProbe.read(kernel, root, servers, cpus, contenders.running(), contenders.askers()));
        RunRecord record = record(directory, planned);
        int entrants = contenders.entrants().size();
        int trialCount = plan.trialCount(entrants);
        observer.planned(record.run(), directory, trialCount, budget.total(trialCount));
        List<WorkloadFiles.Prepared> workloads = prepare(root);
        if (isStopping()) {
            return ended(directory, record, false);
        }
        List<Point> points = points(workloads);
        if (plan.knee().isEmpty()) {
            history(directory, record, workloads);
        }
        TrialRunner runner = new TrialRunner(
                kernel,
                children,
                new TrialSettings(
                        launcher,
                        servers,
                        cpus,
                        directory,
                        root,
                        budget.rules(plan),
                        budget.duration(),
                        LoadPlan.defaultTransport(),
                        plan.seed()));
        TrialLoop loop = new TrialLoop(plan, directory, record, observer, stopping, budget.trial(), points.size());
        return switch (loop.run(runner, course(points))) {
            case COMPLETE -> ended(directory, record, true);
            case STOPPED -> ended(directory, record, false);
            case FULL -> full(directory, files, record);
        };
    }

    private RunRecord record(Path directory, Run planned) throws IOException {
        if (resumed.isEmpty()) {
            return RunRecord.begin(directory, clock, planned);
        }
        Run before = RunFile.read(directory);
        Resumption.require(directory, before, planned);
        RunRecord record = RunRecord.resume(directory, clock, before);
        record.note("The run was interrupted after %d trials, at %s, and went on at %s."
                .formatted(before.trials().size() + before.ledger().trials().size(), before.finishedAt(), clock.now()));
        return record;
    }

    /// Before the first trial: what can be told apart, by an earlier run.
    private void history(Path directory, RunRecord record, List<WorkloadFiles.Prepared> workloads) {
        Optional<Resolution> earlier = Resolution.ofEarlierRun(
                directory.resolveSibling(""),
                record.run().environment(),
                workloads.stream().map(WorkloadFiles.Prepared::workload).toList());
        if (earlier.isEmpty()) {
            observer.said(
                    "Which difference can be told is unknown before the first two blocks: no earlier run beside this"
                            + " one asked for the same on this machine.");
            return;
        }
        String sentence = earlier.get().sentence(plan.repeats());
        record.note(sentence);
        observer.said(sentence);
    }

    private Course course(List<Point> points) {
        return plan.knee().isPresent()
                ? new KneeCourse(plan, plan.knee().get(), points)
                : new BlockCourse(plan, baselineLabel(), points);
    }

    private String baselineLabel() {
        return contenders.baselineEntrant().map(Contenders.Entrant::label).orElse("");
    }

    /// @return nothing when the run was ended while its files were being prepared
    private List<WorkloadFiles.Prepared> prepare(Path root) throws IOException {
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
        ReportedRun reported = ReportedRun.of(run, directory);
        VerdictsFile.write(run, reported.verdicts(), directory);
        Reports.write(reported);
        observer.finished(run, directory);
        return new BenchResult(reported, !complete);
    }

    /// The files that were asked for are the run's own: without them there is room for its results.
    private BenchResult full(Path directory, Path files, RunRecord record) throws IOException {
        TrialRunner.deleteTree(files);
        String goOn = "Free some space, then go on with: ringside bench --resume " + directory;
        try {
            record.finish(false);
        } catch (IOException e) {
            throw new IOException(
                    "there is no room for the results of the last trial in %s (%s); those before it are kept. %s"
                            .formatted(directory, e.getMessage(), goOn),
                    e);
        }
        throw new IOException("there is no room left in %s; finished trials that are kept: %d. %s"
                .formatted(directory, record.run().trials().size(), goOn));
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private List<Point> points(List<WorkloadFiles.Prepared> workloads) {
        List<Point> points = new ArrayList<>();
        for (WorkloadFiles.Prepared prepared : workloads) {
            for (Contenders.Entrant entrant : contenders.entrants()) {
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

    private static Path servedRoot(Path root) throws IOException {
        if (!Files.isDirectory(root) || !Files.isReadable(root)) {
            throw new IOException("--root " + root + " is no directory that can be read: name one with files to serve");
        }
        return root.toRealPath();
    }
}
