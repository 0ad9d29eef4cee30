package ringside.loadtest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import ringside.engines.Availability;
import ringside.linux.JvmCompilers;
import ringside.linux.NiceValue;

/// Drives one run of load against one server.
///
/// [#run()] blocks the calling thread, which does the bookkeeping and calls the observer, until the run is over.
/// [#stop()] may come from any thread; so may an interrupt of the running thread, whose flag is set again at the end.
/// Use it once.
public final class LoadGenerator {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long WARM_UP_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SWEEP_MILLIS_LEAST = 10;
    private static final long SWEEP_MILLIS_MOST = 1000;
    private static final long DRAIN_POLL_MILLIS = 5;
    private static final long ANSWER_POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long ANSWER_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration LEAD = Duration.ofMillis(500);
    private static final long EXHAUSTION_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final LoadPlan plan;
    private final LoadObserver observer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch warmedUp = new CountDownLatch(1);
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<LoopMeter> meters = new ArrayList<>();
    private final IntervalTallies intervals;
    private final long sweepNanos;
    private volatile @Nullable Preflight preflight;
    private boolean interrupted;
    /// When a warm-up that began in a closed loop comes to its pace.
    private long paceNanos = Long.MAX_VALUE;

    public LoadGenerator(LoadPlan plan, LoadObserver observer) {
        this.plan = plan;
        this.observer = observer;
        this.intervals = new IntervalTallies(plan);
        this.sweepNanos = TimeUnit.MILLISECONDS.toNanos(
                Math.clamp(plan.timeout().toMillis() / 8, SWEEP_MILLIS_LEAST, SWEEP_MILLIS_MOST));
    }

    /// Fetches every target once, opens the connections, warms up, measures.
    ///
    /// @return the report; `complete` is false if the run was stopped within the window
    /// @throws LoadException with a message for a person if the load can't start: no server, a target that isn't
    ///     there or isn't what is expected, no such transport here; or if it was stopped before the window began
    public LoadReport run() {
        if (plan.transport().probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new LoadException(reason + ". " + remedy);
        }
        LoadTarget first = plan.targets().getFirst();
        InetSocketAddress address = new InetSocketAddress(first.host(), first.port());
        if (address.isUnresolved()) {
            throw new LoadException("there is no host '" + first.host() + "'. Correct the URL " + first.url());
        }
        LoadReport report;
        try {
            List<PreparedTarget> prepared = preflight(address);
            openLoops(prepared, address);
            report = load();
        } finally {
            closeLoops();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        observer.done(report);
        return report;
    }

    /// Ends the run early; [#run()] returns the partial report. Any thread, any number of times.
    public void stop() {
        stopNow();
        Preflight fetching = preflight;
        if (fetching != null) {
            fetching.cancel();
        }
    }

    /// Ends the warm-up now, if it goes on: the window begins at once. Any thread, any number of times; before the
    /// warm-up there will be none.
    public void endWarmUp() {
        warmedUp.countDown();
    }

    private void stopNow() {
        stop.countDown();
        warmedUp.countDown();
    }

    private List<PreparedTarget> preflight(InetSocketAddress address) {
        Preflight fetching = new Preflight(plan, address);
        preflight = fetching;
        try {
            requireNotStopped();
            return fetching.fetchAll();
        } catch (LoadException e) {
            requireNotStopped();
            throw e;
        } finally {
            preflight = null;
        }
    }

    private void requireNotStopped() {
        if (stopped()) {
            throw new LoadException("stopped before the measurement began: there is nothing to report");
        }
    }

    private boolean stopped() {
        if (Thread.interrupted()) {
            interrupted = true;
            stopNow();
        }
        return stop.getCount() == 0;
    }

    private void openLoops(List<PreparedTarget> prepared, InetSocketAddress address) {
        for (int i = 0; i < plan.threads(); i++) {
            LoadLoop loop = new LoadLoop(plan, i, prepared, address);
            loops.add(loop);
            meters.add(on(loop, LoopMeter::ofCurrentThread));
            if (!plan.cpus().isEmpty()) {
                int cpu = plan.cpus().get(i % plan.cpus().size());
                on(loop, () -> {
                    loop.pin(cpu);
                    return true;
                });
            }
        }
        for (LoadLoop loop : loops) {
            try {
                on(loop, loop::open).get(plan.timeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new LoadException(
                        "can't open " + plan.connections() + " connections to " + address + ": " + cause.getMessage()
                                + ". Ask for fewer, or raise the limits: ulimit -n here and at the server, its backlog",
                        cause);
            } catch (TimeoutException e) {
                throw new LoadException(
                        "couldn't open " + plan.connections() + " connections to " + address + " within "
                                + plan.timeout().toMillis()
                                + " ms. Ask for fewer, or see whether the server accepts them",
                        e);
            } catch (InterruptedException e) {
                interrupted = true;
                stopNow();
            }
            requireNotStopped();
        }
    }

    private LoadReport load() {
        onEach(loop -> loop.sweepEvery(sweepNanos));
        rehearse();
        try (IntervalLog log = openLog()) {
            observer.warmingUp(plan);
            boolean warming = !plan.warmUp().isZero();
            if (warming) {
                long startNanos = System.nanoTime();
                if (plan.warmUpClosed().isZero()) {
                    onEach(LoadLoop::start);
                } else {
                    onEach(LoadLoop::startClosed);
                    paceNanos = startNanos + plan.warmUpClosed().toNanos();
                }
                drive(
                        Phase.WARM_UP,
                        startNanos,
                        startNanos + plan.warmUp().minus(lead()).toNanos());
                requireNotStopped();
                if (paceNanos != Long.MAX_VALUE) {
                    keepPace();
                }
            }
            if (plan.mode().open()) {
                JvmCompilers.giveNice(NiceValue.LAST);
            }
            intervals.beginWindow(log);
            List<Tally> inWindow = spares();
            WindowCost cost = WindowCost.begin(usages());
            if (!lead().isZero()) {
                onEach(LoadLoop::comeFirst);
                observer.measuring();
                long nowNanos = System.nanoTime();
                drive(Phase.UNCOUNTED, nowNanos, nowNanos + lead().toNanos());
            }
            long[] starts = beginWindow(inWindow);
            if (lead().isZero()) {
                observer.measuring();
            }
            long startNanos = latest(starts);
            if (log != null) {
                log.begin(startNanos);
            }
            if (!warming) {
                onEach(LoadLoop::start);
            }
            drive(Phase.WINDOW, startNanos, startNanos + plan.duration().toNanos());
            boolean complete = !stopped();
            long[] ends = endWindow();
            cost.end(usages());
            observer.measured();
            take();
            if (complete && !plan.eachOnce()) {
                long nowNanos = System.nanoTime();
                drive(Phase.UNCOUNTED, nowNanos, nowNanos + plan.tail().toNanos());
            }
            onEach(LoadLoop::stopLoad);
            if (plan.mode().open()) {
                drain();
                take();
            }
            return report(intervals.settleAll(), seconds(starts, ends), cost, complete);
        }
    }

    /// An open loop's last part of the warm-up, after [LoadObserver#measuring()]: who looks at clocks then, and at
    /// the machine just before, takes the loops' CPU for it where there is no other. What became due meanwhile is
    /// sent late, and what follows waits behind it. In a closed loop nothing becomes due.
    private Duration lead() {
        if (!plan.mode().open()) {
            return Duration.ZERO;
        }
        Duration half = plan.warmUp().dividedBy(2);
        return half.compareTo(LEAD) < 0 ? half : LEAD;
    }

    private @Nullable IntervalLog openLog() {
        return plan.histogramLog().map(file -> new IntervalLog(file, plan)).orElse(null);
    }

    /// Does once, before load is on, what is done at the edges of the window: the first time loads classes, and that
    /// takes long enough to be seen in the latencies, as the loops share the CPUs with this thread.
    private void rehearse() {
        WindowCost cost = WindowCost.begin(usages());
        cost.end(usages());
        cost.cost(1, 1);
        latest(beginWindow(spares()));
        endWindow();
        for (LoadLoop loop : loops) {
            on(loop, loop.counts()::forgetWindow);
        }
        take();
        intervals.settleAll();
    }

    private List<Tally> spares() {
        return loops.stream().map(loop -> intervals.spare()).toList();
    }

    private static long latest(long[] nanos) {
        long latest = nanos[0];
        for (long one : nanos) {
            latest = Math.max(latest, one);
        }
        return latest;
    }

    private List<LoopUsage> usages() {
        List<LoopUsage> usages = new ArrayList<>(loops.size());
        for (int i = 0; i < loops.size(); i++) {
            LoadLoop loop = loops.get(i);
            usages.add(meters.get(i).read(on(loop, loop::emptyNanos)));
        }
        return usages;
    }

    private long[] beginWindow(List<Tally> inWindow) {
        long[] starts = new long[loops.size()];
        for (int i = 0; i < starts.length; i++) {
            LoadLoop loop = loops.get(i);
            Tally tally = inWindow.get(i);
            starts[i] = on(loop, () -> loop.beginWindow(tally));
        }
        return starts;
    }

    private long[] endWindow() {
        long[] ends = new long[loops.size()];
        for (int i = 0; i < ends.length; i++) {
            LoadLoop loop = loops.get(i);
            ends[i] = on(loop, loop.counts()::endWindow);
        }
        return ends;
    }

    /// Length of the window. The loops' windows are equally long but for those of targets that are asked for once,
    /// which end with each loop's last answer: then the whole is what counts.
    private double seconds(long[] starts, long[] ends) {
        long sumNanos = 0;
        for (int i = 0; i < starts.length; i++) {
            sumNanos += ends[i] - starts[i];
        }
        double nanos = plan.eachOnce()
                ? Arrays.stream(ends).max().orElseThrow()
                        - Arrays.stream(starts).min().orElseThrow()
                : (double) sumNanos / starts.length;
        return nanos / 1e9;
    }

    /// From here on it is the open loop that the plan asks for.
    private void keepPace() {
        paceNanos = Long.MAX_VALUE;
        onEach(LoadLoop::start);
    }

    /// What load is on for.
    private enum Phase {
        WARM_UP,
        WINDOW,
        UNCOUNTED
    }

    /// Takes intervals and ticks, where it counts, until `endNanos` or the stop, or the word that ends
    /// the warm-up.
    private void drive(Phase phase, long startNanos, long endNanos) {
        long everyNanos = phase == Phase.WARM_UP ? WARM_UP_INTERVAL_NANOS : intervals.intervalNanos();
        long lastNanos = startNanos;
        long takeNanos = phase == Phase.UNCOUNTED ? Long.MAX_VALUE : startNanos + everyNanos;
        long tickNanos = phase == Phase.UNCOUNTED ? Long.MAX_VALUE : startNanos + SECOND_NANOS;
        while (!stopped() && !(phase == Phase.WARM_UP && warmedUp.getCount() == 0)) {
            long now = System.nanoTime();
            if (now >= endNanos || (plan.eachOnce() && loops.stream().allMatch(LoadLoop::exhausted))) {
                return;
            }
            if (now >= paceNanos) {
                keepPace();
            }
            // The last interval is up to half as long again, rather than a stump of its own.
            if (now >= takeNanos && (phase == Phase.WARM_UP || endNanos - now > everyNanos / 2)) {
                long takenNanos = take();
                if (phase == Phase.WARM_UP) {
                    observer.warmedFor(warmedFor(startNanos, lastNanos, takenNanos));
                }
                lastNanos = takenNanos;
                // Those that were missed, on a machine that is busy with others, aren't made up for by empty ones.
                takeNanos += everyNanos * (1 + Math.max(0, takenNanos - takeNanos) / everyNanos);
            }
            if (now >= tickNanos) {
                observer.tick(tick(phase, startNanos, now));
                tickNanos += SECOND_NANOS;
            }
            long pollNanos = plan.eachOnce() ? now + EXHAUSTION_POLL_NANOS : Long.MAX_VALUE;
            long nextNanos = Math.min(paceNanos, Math.min(now >= takeNanos ? endNanos : takeNanos, tickNanos));
            await(phase, Math.min(Math.min(endNanos, pollNanos), nextNanos) - System.nanoTime());
        }
    }

    private LoadObserver.WarmUpInterval warmedFor(long startNanos, long lastNanos, long nowNanos) {
        return new LoadObserver.WarmUpInterval(
                (nowNanos - startNanos) / 1e9,
                (nowNanos - lastNanos) / 1e9,
                intervals.completedSince(lastNanos),
                intervals.percentileMicrosSince(lastNanos, 50));
    }

    /// Of the intervals that ended in the last second.
    private LoadObserver.Tick tick(Phase phase, long startNanos, long nowNanos) {
        long sinceNanos = nowNanos - SECOND_NANOS + WARM_UP_INTERVAL_NANOS / 2;
        return new LoadObserver.Tick(
                phase == Phase.WARM_UP,
                (nowNanos - startNanos) / 1e9,
                (double) intervals.completedSince(sinceNanos),
                intervals.percentileMicrosSince(sinceNanos, 99),
                intervals.errors());
    }

    private void await(Phase phase, long nanos) {
        try {
            (phase == Phase.WARM_UP ? warmedUp : stop).await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            stopNow();
        }
    }

    /// Waits for what was intended in the window, for as long as a request may take.
    private void drain() {
        long deadlineNanos = System.nanoTime() + plan.timeout().toNanos();
        while (loops.stream().anyMatch(loop -> on(loop, loop::draining))) {
            if (System.nanoTime() >= deadlineNanos || stopped()) {
                onEach(LoadLoop::abandon);
                return;
            }
            onEach(LoadLoop::sweep);
            await(Phase.UNCOUNTED, TimeUnit.MILLISECONDS.toNanos(DRAIN_POLL_MILLIS));
        }
    }

    /// Takes what all loops counted since the last time as an interval that ends now.
    ///
    /// @return now
    private long take() {
        for (LoadLoop loop : loops) {
            loop.counts().ask(intervals.spare());
        }
        List<Tally> counted = new ArrayList<>(loops.size());
        for (LoadLoop loop : loops) {
            counted.add(counted(loop));
        }
        long nowNanos = System.nanoTime();
        intervals.add(nowNanos, counted);
        return nowNanos;
    }

    /// What a loop hands over with its next answer, or, where none comes, since it was told to.
    private static Tally counted(LoadLoop loop) {
        long untilNanos = System.nanoTime() + ANSWER_WAIT_NANOS;
        while (System.nanoTime() < untilNanos) {
            Tally full = loop.counts().handedOver();
            if (full != null) {
                return full;
            }
            LockSupport.parkNanos(ANSWER_POLL_NANOS);
        }
        return Objects.requireNonNull(on(loop, loop.counts()::handOver));
    }

    private LoadReport report(Tally total, double seconds, WindowCost window, boolean complete) {
        for (LoadLoop loop : loops) {
            Throwable breakage =
                    on(loop, () -> Optional.ofNullable(loop.breakage())).orElse(null);
            if (breakage != null) {
                throw new IllegalStateException("the generator broke: " + breakage, breakage);
            }
        }
        boolean open = plan.mode().open();
        long offered = total.sendLag.getTotalCount();
        Optional<LatencySummary> response =
                open ? Optional.of(LatencySummary.ofNanos(total.response)) : Optional.empty();
        Optional<LatencySummary> sendLag = open ? Optional.of(LatencySummary.ofNanos(total.sendLag)) : Optional.empty();
        GeneratorCost cost = window.cost(total.completed, seconds);
        return new LoadReport(
                plan,
                complete,
                seconds,
                total.requests,
                total.bodyBytes,
                total.completed,
                total.completed / seconds,
                open ? OptionalDouble.of(offered / seconds) : OptionalDouble.empty(),
                total.completedBytes / seconds / 1e6,
                LatencySummary.ofNanos(total.service),
                response,
                sendLag,
                total.errors(),
                total.bodiesChecked,
                total.reconnects,
                total.resends,
                cost,
                LoadLimit.judge(seconds, LoadLimit.keptShare(open, total.completed, offered), response, sendLag, cost));
    }

    private void closeLoops() {
        onEach(LoadLoop::closeConnections);
        loops.forEach(LoadLoop::shutDown);
    }

    /// Runs `task` on the thread of one loop after the other, and waits.
    private void onEach(Consumer<LoadLoop> task) {
        loops.forEach(loop -> loop.executor().submit(() -> task.accept(loop)).syncUninterruptibly());
    }

    /// Runs `task` on the loop's thread and waits for its result. What it throws comes out here.
    private static <T> T on(LoadLoop loop, Callable<T> task) {
        return loop.executor().submit(task).syncUninterruptibly().getNow();
    }
}
