package ringside.bench.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ringside.bench.guard.Guard;
import ringside.bench.ledger.LedgerCounts;
import ringside.bench.ledger.LedgerMeter;
import ringside.bench.peer.Peers;
import ringside.bench.result.GuardRule;
import ringside.bench.result.Ledger;
import ringside.bench.result.LedgerTrial;
import ringside.bench.result.Load;
import ringside.bench.result.Measured;
import ringside.bench.result.Measurements;
import ringside.bench.result.Outcome;
import ringside.bench.result.Surroundings;
import ringside.bench.result.Trial;
import ringside.bench.result.Workload;
import ringside.bench.result.Workload.Cache;
import ringside.linux.Kernel;

/// Runs trials, one at a time: a fresh server, a fresh generator, and after them nothing.
///
/// **Hot** means that every page of the workload's files is in the page cache: they are read through and mapped before
/// the generator starts, and measured both when its warm-up begins and when its window ends.
///
/// **Cold** means that every request of the window goes to a file none of whose pages is in the page cache. The
/// files are written back, dropped and measured after the server is ready and before the generator starts; the
/// generator warms up on *other*, hot files and then asks for each cold file once, in random order; when it has
/// asked for all of them the window ends early. Two things stay warm on purpose, since a served tree has them
/// warm too: directory entries and inodes. Read-ahead happens within a file only, so what it brings early is
/// that file's own.
///
/// A trial that breaks what its workload promises is void: its numbers are kept and shown, and don't count.
public final class TrialRunner {

    /// A window that ends before this part of its length, as its cold files are used up, is noted.
    private static final double WINDOW_SHARE_LEAST = 0.5;

    /// And it is void when it is shorter than this: clock ticks would be too large a part of its cost.
    private static final double WINDOW_SECONDS_LEAST = 0.3;

    /// Answers for each connection. With fewer, what the window happens to cut is over a quarter of its count.
    private static final int ROUNDS_LEAST = 4;

    /// A ledger whose time differs from its window by more than this is noted.
    private static final double COUNTED_SHARE_OFF = 0.05;

    private final Kernel kernel;
    private final Children children;
    private final TrialSettings settings;
    private final FileCacheState cache;
    private final Guard guard;
    private Optional<LedgerMeter> lastMeter = Optional.empty();

    /// @param children stays the caller's; closing it ends a trial that is under way
    public TrialRunner(Kernel kernel, Children children, TrialSettings settings) {
        this.kernel = kernel;
        this.children = children;
        this.settings = settings;
        this.cache = new FileCacheState(kernel, children);
        CpuPlan cpus = settings.cpus();
        this.guard = new Guard(
                kernel,
                settings.rules().guard(),
                cpus.isPinned() ? cpus.server().plus(cpus.generator()) : cpus.available());
    }

    /// Runs one trial to its end. Whatever the contender or the generator does wrong is in the outcome.
    ///
    /// @param index of the trial in its run
    /// @param block as in [Trial]
    /// @throws InterruptedException when the thread is interrupted; nothing of the trial lives then
    public Trial run(int index, int block, Point point) throws InterruptedException {
        try (WindowWatch watch = new WindowWatch(kernel, false, lastMeter, guard)) {
            return run(index, block, point, "trial", watch);
        }
    }

    /// Runs one trial in which the kernel's doings are counted. As [#run].
    public LedgerTrial runCounted(int index, int block, Point point) throws InterruptedException {
        try (WindowWatch watch = new WindowWatch(kernel, true, lastMeter, guard)) {
            Trial trial = run(index, block, point, "ledger", watch);
            lastMeter = watch.meter().or(() -> lastMeter);
            Optional<LedgerCounts> counts = watch.counts();
            return new LedgerTrial(trial, ledger(trial, counts, watch.wasStill()));
        }
    }

    private static Ledger ledger(Trial trial, Optional<LedgerCounts> counts, boolean still) {
        Optional<Measurements> measured = trial.measurements();
        if (counts.isEmpty() || measured.isEmpty() || !(measured.get().requestsPerSecond() > 0)) {
            return Ledger.none(trial.reason().orElse("no request was answered"));
        }
        Optional<Ledger> byItself = still ? counts.get().byOwnAnswers() : Optional.empty();
        if (byItself.isPresent()) {
            return byItself.get();
        }
        Ledger ledger = counts.get().atRate(measured.get().requestsPerSecond());
        double windowSeconds = measured.get().measuredSeconds();
        return Math.abs(ledger.seconds() - windowSeconds) < COUNTED_SHARE_OFF * windowSeconds
                ? ledger
                : ledger.withNote(("counted for %.2f s around a window of %.2f s: if the rate differed outside of it,"
                                + " counts per request are off by so much")
                        .formatted(ledger.seconds(), windowSeconds));
    }

    /// @param name of the histogram log, before its number
    private Trial run(int index, int block, Point point, String name, WindowWatch watch) throws InterruptedException {
        Instant startedAt = Instant.now();
        List<String> notes = new ArrayList<>(settings.cpus().warnings());
        Outcome outcome;
        try {
            String hlogFile = "%s-%04d.hlog".formatted(name, index);
            Asked asked = measure(point, notes, hlogFile, watch);
            Surroundings surroundings = guard.trialEnds();
            notes.addAll(TrialNotes.of(asked, surroundings, settings.rules().guard()));
            shortWindow(asked).ifPresent(notes::add);
            Measurements measurements = measurements(asked, surroundings, hlogFile);
            Optional<String> whyVoid = brokenPromise(point, asked).or(() -> disturbed(surroundings));
            outcome = whyVoid.isPresent()
                    ? new Outcome.Voided(whyVoid.get(), measurements)
                    : new Outcome.Valid(measurements);
        } catch (TrialFailure e) {
            guard.trialEnds();
            outcome = new Outcome.Failed(e.reason());
        } catch (IOException e) {
            guard.trialEnds();
            // Of one trial: a disk that is full, a file that went away. The next trial may well work.
            outcome = new Outcome.Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        return new Trial(index, block, point.side(), point.workload(), startedAt, outcome, notes);
    }

    private Asked measure(Point point, List<String> notes, String hlogFile, WindowWatch watch)
            throws TrialFailure, IOException, InterruptedException {
        Path work = Files.createTempDirectory("ringside-trial-");
        try {
            return measure(point, work, notes, hlogFile, watch);
        } finally {
            deleteTree(work);
        }
    }

    private Asked measure(Point point, Path work, List<String> notes, String hlogFile, WindowWatch watch)
            throws TrialFailure, IOException, InterruptedException {
        Path histogramLog = settings.runDirectory().resolve(hlogFile);
        try (Arena held = Arena.ofShared();
                RunningServer server = start(point.contender(), point, work, watch.isCounting())) {
            Optional<Measured> before = prepareCache(point, held);
            Asked asked = switch (point.asker()) {
                case RINGSIDE ->
                    new RingsideGenerator(kernel, children, settings, cache)
                            .run(point, server, before, work, histogramLog, watch);
                case WRK ->
                    new WrkGenerator(kernel, children, settings, cache, wrk()).run(point, server, histogramLog, watch);
            };
            server.drain().ifPresent(notes::add);
            return asked;
        }
    }

    private Optional<String> disturbed(Surroundings surroundings) {
        return settings.rules().guard().mode() == GuardRule.Mode.EXCLUDE
                        && !surroundings.disturbances().isEmpty()
                ? Optional.of("disturbed: " + String.join("; ", surroundings.disturbances()))
                : Optional.empty();
    }

    private RunningServer start(Contender contender, Point point, Path work, boolean counts)
            throws TrialFailure, IOException, InterruptedException {
        RunningServer.Mode mode =
                new RunningServer.Mode(counts, point.workload().cache() == Cache.HOT);
        return switch (contender) {
            case Contender.Renamed(String _, Contender of) -> start(of, point, work, counts);
            case Contender.Ours ours ->
                RunningServer.ours(
                        children,
                        settings.serverLauncher(),
                        ours,
                        settings.root(),
                        settings.cpus().server(),
                        mode);
            case Contender.Built built ->
                RunningServer.built(
                        children,
                        settings.serverLauncher(),
                        built,
                        settings.root(),
                        settings.cpus().server(),
                        mode);
            case Contender.Started started ->
                RunningServer.started(
                        children,
                        started,
                        settings.root(),
                        point.workload().connections(),
                        settings.cpus().server());
            case Contender.Theirs theirs ->
                RunningServer.peer(
                        children,
                        theirs,
                        settings.root(),
                        Files.createDirectory(work.resolve("peer")),
                        point.workload().connections(),
                        settings.cpus().server());
        };
    }

    /// @return the proof that the cold files are out of the cache; a hot workload's proof comes later
    private Optional<Measured> prepareCache(Point point, Arena held) throws IOException {
        return switch (point.workload().cache()) {
            case HOT -> {
                cache.warm(point.files());
                cache.hold(point.files(), held);
                yield Optional.empty();
            }
            case COLD -> {
                point.warmUpFiles().ifPresent(cache::evict);
                yield Optional.of(cache.evict(point.files()));
            }
        };
    }

    private static Path wrk() throws TrialFailure {
        return Peers.find("wrk").orElseThrow(() -> new TrialFailure(Peers.notInstalled("wrk", "wrk", "wrk")));
    }

    private boolean isShort(Asked asked) {
        return asked.measuredSeconds()
                < WINDOW_SHARE_LEAST * settings.duration().toMillis() / 1e3;
    }

    private Optional<String> shortWindow(Asked asked) {
        return isShort(asked)
                ? Optional.of("the window ended after %.2f s: every file had been asked for"
                        .formatted(asked.measuredSeconds()))
                : Optional.empty();
    }

    private Optional<String> brokenPromise(Point point, Asked asked) {
        if (asked.failure().isPresent()) {
            return asked.failure();
        }
        if (!asked.errors().isEmpty()) {
            return Optional.of("requests failed: " + asked.errors());
        }
        if (asked.requests() == 0) {
            return Optional.of("no request was answered within the window");
        }
        if (isShort(asked) && asked.measuredSeconds() < WINDOW_SECONDS_LEAST) {
            return Optional.of("the window of %.2f s is too short: ask for larger files or fewer connections"
                    .formatted(asked.measuredSeconds()));
        }
        return switch (point.workload().cache()) {
            case HOT ->
                fewRounds(point.workload(), asked.requests(), asked.measuredSeconds())
                        .or(() -> brokenHeat("when the warm-up began", asked.residencyBefore()))
                        .or(() -> brokenHeat("after the window", asked.residencyAfter()));
            case COLD -> brokenCold(asked.residencyBefore());
        };
    }

    /// In a closed loop whose connections are in step, answers come in rounds: of few rounds one more or less
    /// falls into the window by chance.
    static Optional<String> fewRounds(Workload workload, long requests, double seconds) {
        long least = (long) ROUNDS_LEAST * workload.connections();
        if (workload.load() instanceof Load.Open || requests >= least) {
            return Optional.empty();
        }
        double needed = 2 * seconds * least / requests;
        return Optional.of(
                "only %.1f answers for each of %d connections fell into the window of %.1f s, by chance one more or less: give --duration %.0fs"
                        .formatted(
                                (double) requests / workload.connections(),
                                workload.connections(),
                                seconds,
                                Math.ceil(needed)));
    }

    private static Optional<String> brokenHeat(String when, Measured residency) {
        return switch (residency) {
            case Measured.Value(double share) ->
                share == 1
                        ? Optional.empty()
                        : Optional.of("not hot: %.1f %% of the files' pages were in the page cache %s"
                                .formatted(share * 100, when));
            case Measured.Unmeasurable(String why) -> Optional.of("not proven hot: " + why);
        };
    }

    private static Optional<String> brokenCold(Measured residency) {
        return switch (residency) {
            case Measured.Value(double share) ->
                share == 0
                        ? Optional.empty()
                        : Optional.of(("not cold: %.1f %% of the files' pages stayed in the page cache; the file system"
                                        + " may keep everything in memory, as tmpfs does")
                                .formatted(share * 100));
            case Measured.Unmeasurable(String why) -> Optional.of("not proven cold: " + why);
        };
    }

    private static Measurements measurements(Asked asked, Surroundings surroundings, String hlogFile) {
        return new Measurements(
                asked.measuredSeconds(),
                asked.requests(),
                asked.bodyBytes(),
                asked.requestsPerSecond(),
                asked.serviceTime(),
                asked.responseTime(),
                asked.sendLag(),
                PerRequest.serverCost(asked.rates(), asked.requestsPerSecond(), asked.measuredSeconds()),
                PerRequest.generatorCost(asked),
                asked.residencyBefore(),
                asked.residencyAfter(),
                Map.copyOf(asked.errors()),
                asked.bodiesChecked(),
                asked.warmUp(),
                surroundings,
                asked.voidFor(),
                hlogFile);
    }

    /// Deletes a directory with all that is in it; links are not followed.
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
