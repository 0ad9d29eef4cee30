package ringside.bench.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import ringside.bench.CoreSiblings;
import ringside.bench.OwnCpus;
import ringside.bench.peer.Peers;
import ringside.bench.result.Latency;
import ringside.bench.trial.Children;
import ringside.bench.trial.CpuPlan;
import ringside.bench.trial.Launcher;
import ringside.bench.trial.TrialFailure;
import ringside.engines.Availability;
import ringside.engines.ByteSize;
import ringside.engines.ChosenEngine;
import ringside.linux.CpuAffinity;
import ringside.linux.Kernel;
import ringside.linux.Machine;
import ringside.linux.Mount;
import ringside.linux.Reading;

/// Reads by each engine, in a fresh process each time, on a CPU of its own; beside fio in turns: ringside,
/// fio, fio, ringside, so that what drifts on the machine falls on both alike.
///
/// Runs once, on the thread that calls [#run()], a platform thread. [#stop()] ends it early.
public final class ReadExperiment {

    private static final long WORD_OF_END_MILLIS = 250;

    private final ReadPlan plan;
    private final Launcher launcher;
    private final Kernel kernel;
    private final ReadObserver observer;
    private final Optional<KernelLedger> ledger;
    private final Children children;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<String> skipped = new ArrayList<>();
    private final List<ReadTrial> trials = new ArrayList<>();

    public ReadExperiment(
            ReadPlan plan, Launcher launcher, Kernel kernel, ReadObserver observer, Optional<KernelLedger> ledger) {
        this.plan = plan;
        this.launcher = launcher;
        this.kernel = kernel;
        this.observer = observer;
        this.ledger = ledger;
        this.children = new Children(new CpuAffinity(kernel));
    }

    /// Ends the experiment early, from any thread: [#run()] returns soon with what was finished.
    public void stop() {
        stopping.countDown();
        children.close();
    }

    /// Runs the plan.
    ///
    /// @throws IOException a sentence for a person: the file can't be read or made
    /// @throws UnsupportedOperationException a sentence for a person: no engine can run on this machine
    public ReadReport run() throws IOException, InterruptedException {
        List<ChosenEngine> running = running();
        Optional<Path> fio = fio();
        CpuAffinity affinity = new CpuAffinity(kernel);
        CpuPlan cpus = CpuPlan.of(affinity.get(), new CoreSiblings());
        cpus.warnings().forEach(this::skip);
        try (children;
                OwnCpus _ = OwnCpus.confine(affinity, cpus)) {
            if (plan.file().isPresent()) {
                Path file = plan.file().get();
                return read(running, fio, cpus, file, givenBytes(file), OptionalLong.empty());
            }
            observer.preparing("writing " + ByteSize.name(plan.generatedBytes()) + " in " + plan.directory());
            try (GeneratedFile file = generate()) {
                return read(
                        running,
                        fio,
                        cpus,
                        file.path(),
                        plan.generatedBytes(),
                        OptionalLong.of(plan.shape().seed()));
            } catch (IllegalStateException e) {
                if (isStopping()) {
                    return report(false, plan.directory(), fio);
                }
                throw e;
            }
        }
    }

    private GeneratedFile generate() throws IOException {
        return GeneratedFile.create(
                plan.directory(), plan.generatedBytes(), plan.shape().seed(), children::requireOpen);
    }

    private ReadReport read(
            List<ChosenEngine> engines,
            Optional<Path> fio,
            CpuPlan cpus,
            Path file,
            long sizeBytes,
            OptionalLong contentSeed)
            throws IOException, InterruptedException {
        OurReads ours = new OurReads(kernel, children, launcher, cpus.server(), ledger);
        Optional<FioReads> theirs = fio.map(program -> new FioReads(kernel, children, program, cpus.server(), ledger));
        List<ReadJob> jobs = jobs(engines, file, sizeBytes, contentSeed);
        List<Run> runs = schedule(jobs, engines.size(), ours, theirs);
        for (int index = 0; index < runs.size(); index++) {
            if (isStopping()) {
                return report(false, file, fio);
            }
            Run run = runs.get(index);
            observer.started(index, runs.size(), run.label, expected(run.job));
            ReadTrial trial = tryRun(index, run);
            if (trial == null) {
                return report(false, file, fio);
            }
            trials.add(trial);
            observer.finished(index, runs.size(), trial);
        }
        return report(true, file, fio);
    }

    /// @throws IOException a sentence: what the plan asks for can't be had of this file
    private List<ReadJob> jobs(List<ChosenEngine> engines, Path file, long sizeBytes, OptionalLong contentSeed)
            throws IOException {
        List<ReadJob> jobs = new ArrayList<>();
        try {
            for (int i = 0; i < plan.repeats() * engines.size(); i++) {
                jobs.add(plan.shape()
                        .job(engines.get(i % engines.size()), file, sizeBytes, contentSeed, plan.histogramLog(i)));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return jobs;
    }

    @FunctionalInterface
    private interface Reads {
        ReadTrial run(int index) throws TrialFailure, IOException, InterruptedException;
    }

    /// @param by as [ReadTrial#by()]
    private record Run(ReadJob job, int repeat, String by, String label, Reads reads) {}

    private List<Run> schedule(List<ReadJob> jobs, int engineCount, OurReads ours, Optional<FioReads> theirs) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            ReadJob job = jobs.get(i);
            int repeat = i / engineCount;
            String label = job.engineText() + " on " + job.transport().id();
            Run own = new Run(job, repeat, ReadTrial.RINGSIDE, label, index -> ours.run(index, repeat, job));
            runs.add(own);
            if (theirs.isPresent()) {
                switch (FioJob.of(job)) {
                    case FioJob.Equal equal -> {
                        FioReads fio = theirs.get();
                        Run other = new Run(
                                job,
                                repeat,
                                ReadTrial.FIO,
                                "fio " + equal.ioengine(),
                                index -> fio.run(index, repeat, job, equal));
                        runs.add(repeat % 2 == 0 ? runs.size() : runs.size() - 1, other);
                    }
                    case FioJob.None(String reason) -> {
                        if (repeat == 0) {
                            skip(reason);
                        }
                    }
                }
            }
        }
        return runs;
    }

    /// @return null when the experiment is being ended
    private @Nullable ReadTrial tryRun(int index, Run run) throws InterruptedException {
        String failure;
        try {
            ReadTrial trial = run.reads.run(index);
            if (trial.isGood() || !isStopping()) {
                return trial;
            }
            return null;
        } catch (TrialFailure e) {
            failure = e.reason();
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        } catch (IllegalStateException e) {
            if (!isStopping()) {
                throw e;
            }
            return null;
        }
        // A terminal sends Ctrl-C to the children as well, and they may be faster.
        if (stopping.await(WORD_OF_END_MILLIS, TimeUnit.MILLISECONDS)) {
            return null;
        }
        return failed(index, run, failure);
    }

    private static ReadTrial failed(int index, Run run, String failure) {
        return new ReadTrial(
                index,
                run.repeat,
                run.by,
                run.by.equals(ReadTrial.FIO) ? run.label.substring("fio ".length()) : run.job.engineText(),
                run.by.equals(ReadTrial.FIO) ? "" : run.job.transport().id(),
                run.job.engineText() + " on " + run.job.transport().id(),
                0,
                0,
                0,
                0,
                Latency.unmeasurable("it failed"),
                Latency.unmeasurable("it failed"),
                ReadCost.unmeasurable("it failed"),
                Map.of(),
                Map.of(),
                List.of(),
                failure);
    }

    private static Duration expected(ReadJob job) {
        return job.times()
                .ramp()
                .plus(job.times().window())
                .plus(job.times().tail())
                .plusMillis(800);
    }

    private List<ChosenEngine> running() {
        List<ChosenEngine> running = new ArrayList<>();
        for (ChosenEngine engine : plan.engines()) {
            switch (engine.engine().probe(kernel, plan.shape().transport())) {
                case Availability.Available _ -> running.add(engine);
                case Availability.Unavailable(String reason, String remedy) ->
                    skip("%s on %s is skipped: %s. %s"
                            .formatted(engine.name(), plan.shape().transport().id(), reason, remedy));
            }
        }
        if (running.isEmpty()) {
            throw new UnsupportedOperationException("no engine of the list can run here: " + String.join(" ", skipped));
        }
        return running;
    }

    private Optional<Path> fio() {
        if (!plan.fio()) {
            return Optional.empty();
        }
        Optional<Path> found = Peers.find(ReadTrial.FIO);
        if (found.isEmpty()) {
            skip(Peers.notInstalled("fio", "fio", "fio"));
        }
        return found;
    }

    private void skip(String sentence) {
        skipped.add(sentence);
        observer.notice(sentence);
    }

    private long givenBytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    Files.exists(file)
                            ? "--file " + file + " is no regular file. Name one, or leave --file out to have one made"
                            : "there is no file " + file + ". Name one to read, or leave --file out to have one made");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("--file " + file + " can't be read. Check its permissions");
        }
        long has = Files.size(file);
        long wanted = plan.sizeBytes().orElse(has);
        if (wanted > has) {
            throw new IOException("--file " + file + " has " + has + " bytes, fewer than --size " + wanted
                    + ". Choose a smaller --size, or leave it out");
        }
        if (has < plan.shape().blockBytes()) {
            throw new IOException("--file " + file + " has " + has + " bytes, less than one --block of "
                    + plan.shape().blockBytes() + ". Choose a larger file or a smaller block");
        }
        return wanted;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private ReadReport report(boolean complete, Path file, Optional<Path> fio) throws InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>();
        Machine machine = Machine.read(kernel);
        environment.put("kernel", text(machine.kernelRelease()));
        environment.put("cpu", text(machine.cpuModel()));
        environment.put("fileSystem", text(Mount.of(kernel, file.toString()).map(Mount::fileSystem)));
        environment.put("jdk", System.getProperty("java.runtime.version", "unknown"));
        environment.put("jvmFlags", String.join(" ", launcher.flags()));
        if (fio.isPresent()) {
            environment.put("fio", Peers.version(fio.get(), List.of("--version")));
        }
        return new ReadReport(
                ReadReport.FORMAT, words(), environment, skipped, trials, ReadComparison.of(trials), complete);
    }

    private Map<String, String> words() {
        ReadShape shape = plan.shape();
        Map<String, String> words = new LinkedHashMap<>();
        words.put("file", plan.file().map(Path::toString).orElse("generated"));
        words.put(
                "sizeBytes",
                plan.sizeBytes().isPresent() ? "" + plan.sizeBytes().getAsLong() : "all");
        words.put("blockBytes", Integer.toString(shape.blockBytes()));
        words.put("pattern", shape.pattern().id());
        words.put("depth", Integer.toString(shape.depth()));
        words.put("cache", shape.cache().map(CacheState::id).orElse("hot"));
        words.put(
                "ratePerSecond",
                shape.ratePerSecond().isPresent() ? "" + shape.ratePerSecond().getAsDouble() : "");
        words.put("rampSeconds", Double.toString(shape.times().ramp().toMillis() / 1e3));
        words.put("seconds", Double.toString(shape.times().window().toMillis() / 1e3));
        words.put("systemCallsBy", shape.kernel());
        words.put("verify", Boolean.toString(shape.verify()));
        words.put("repeats", Integer.toString(plan.repeats()));
        words.put("seed", Long.toString(shape.seed()));
        return words;
    }

    private static String text(Reading<String> reading) {
        return reading.value().orElseGet(reading::whyMissing);
    }
}
