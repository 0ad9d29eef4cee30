package ringside.loadtest;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import ringside.engines.Availability;

/// Drives one run of load against one server.
///
/// [#run()] blocks the calling thread, which does the bookkeeping and calls the observer, until the run is over.
/// [#stop()] may come from any thread; so may an interrupt of the running thread, whose flag is set again at the end.
/// Use it once.
public final class LoadGenerator {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SWEEP_MILLIS_LEAST = 10;
    private static final long SWEEP_MILLIS_MOST = 1000;
    private static final long DRAIN_POLL_MILLIS = 5;
    private static final long EXHAUSTION_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final LoadPlan plan;
    private final LoadObserver observer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<LoadLoop> loops = new ArrayList<>();
    private final List<@Nullable Tally> emptied = new ArrayList<>();
    private final long sweepNanos;
    private volatile @Nullable Preflight preflight;
    private boolean interrupted;
    private long nextSweepNanos;

    public LoadGenerator(LoadPlan plan, LoadObserver observer) {
        this.plan = plan;
        this.observer = observer;
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
            observer.warmingUp(plan);
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
        stop.countDown();
        Preflight fetching = preflight;
        if (fetching != null) {
            fetching.cancel();
        }
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
            stop.countDown();
        }
        return stop.getCount() == 0;
    }

    private void openLoops(List<PreparedTarget> prepared, InetSocketAddress address) {
        for (int i = 0; i < plan.threads(); i++) {
            LoadLoop loop = new LoadLoop(plan, i, prepared, address);
            loops.add(loop);
            emptied.add(null);
            if (!plan.cpus().isEmpty()) {
                int cpu = plan.cpus().get(i % plan.cpus().size());
                on(loop, () -> {
                    LoopPin.pin(cpu);
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
                stop.countDown();
            }
            requireNotStopped();
        }
    }

    private LoadReport load() {
        nextSweepNanos = System.nanoTime() + sweepNanos;
        boolean warming = !plan.warmUp().isZero();
        if (warming) {
            start();
            long startNanos = System.nanoTime();
            drive(startNanos, startNanos + plan.warmUp().toNanos(), new Tally(), null, true);
            requireNotStopped();
            harvest();
        }
        WindowCost cost = WindowCost.begin(
                loops.stream().map(loop -> on(loop, loop::beginWindow)).toList());
        long windowNanos = System.nanoTime();
        long windowMillis = System.currentTimeMillis();
        try (Intervals intervals = new Intervals(windowNanos, windowMillis)) {
            observer.measuring();
            if (!warming) {
                start();
            }
            Tally total = new Tally();
            drive(windowNanos, windowNanos + plan.duration().toNanos(), total, intervals, false);
            boolean complete = !stopped();
            cost.end(loops.stream().map(loop -> on(loop, loop::endWindow)).toList());
            observer.measured();
            take(total, intervals);
            long doneInWindow = total.requests + total.errors().total();
            if (plan.mode().open()) {
                drain();
                take(total, intervals);
            }
            return report(total, cost, complete, doneInWindow);
        }
    }

    private void start() {
        loops.forEach(loop -> on(loop, () -> {
            loop.start();
            return true;
        }));
    }

    /// Where interval histograms go.
    private final class Intervals implements AutoCloseable {
        private final @Nullable IntervalLog log;
        private final long originNanos;
        private final long originMillis;
        private long lastMillis;

        Intervals(long originNanos, long originMillis) {
            this.originNanos = originNanos;
            this.originMillis = originMillis;
            this.lastMillis = originMillis;
            this.log = plan.histogramLog()
                    .map(file -> new IntervalLog(file, plan, originMillis))
                    .orElse(null);
        }

        void write(Tally interval) {
            long nowMillis = originMillis + (System.nanoTime() - originNanos) / 1_000_000;
            if (log != null) {
                log.write(interval, lastMillis, nowMillis);
            }
            lastMillis = nowMillis;
        }

        @Override
        public void close() {
            if (log != null) {
                log.close();
            }
        }
    }

    /// Ticks and sweeps until `endNanos` or the stop.
    private void drive(long startNanos, long endNanos, Tally total, @Nullable Intervals intervals, boolean warmingUp) {
        long lastNanos = startNanos;
        long tickNanos = startNanos + SECOND_NANOS;
        while (!stopped()) {
            long now = System.nanoTime();
            if (now >= endNanos || (plan.eachOnce() && loops.stream().allMatch(LoadLoop::exhausted))) {
                return;
            }
            if (now >= nextSweepNanos) {
                sweep();
                nextSweepNanos = now + sweepNanos;
            }
            if (now >= tickNanos) {
                Tally interval = take(total, intervals);
                double seconds = (now - lastNanos) / 1e9;
                observer.tick(new LoadObserver.Tick(
                        warmingUp,
                        (now - startNanos) / 1e9,
                        interval.requests / seconds,
                        (plan.mode().open() ? interval.response : interval.service).getValueAtPercentile(99) / 1e3,
                        total.errors().total()));
                lastNanos = now;
                tickNanos += SECOND_NANOS;
            }
            long pollNanos = plan.eachOnce() ? now + EXHAUSTION_POLL_NANOS : Long.MAX_VALUE;
            await(Math.min(Math.min(endNanos, pollNanos), Math.min(nextSweepNanos, tickNanos)) - System.nanoTime());
        }
    }

    private void await(long nanos) {
        try {
            stop.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            stop.countDown();
        }
    }

    private void sweep() {
        loops.forEach(loop -> on(loop, () -> {
            loop.sweep();
            return true;
        }));
    }

    /// Waits for what was intended in the window, for as long as a request may take.
    private void drain() {
        long deadlineNanos = System.nanoTime() + plan.timeout().toNanos();
        while (loops.stream().anyMatch(loop -> on(loop, loop::draining))) {
            if (System.nanoTime() >= deadlineNanos || stopped()) {
                loops.forEach(loop -> on(loop, () -> {
                    loop.abandon();
                    return true;
                }));
                return;
            }
            sweep();
            await(TimeUnit.MILLISECONDS.toNanos(DRAIN_POLL_MILLIS));
        }
    }

    /// Gathers what all loops counted since the last time, adds it to `total` and writes it down.
    private Tally take(Tally total, @Nullable Intervals intervals) {
        Tally interval = harvest();
        total.add(interval);
        if (intervals != null) {
            intervals.write(interval);
        }
        return interval;
    }

    private Tally harvest() {
        Tally interval = new Tally();
        for (int i = 0; i < loops.size(); i++) {
            LoadLoop loop = loops.get(i);
            Tally empty = emptied.get(i);
            Tally full = on(loop, () -> loop.harvest(empty));
            interval.add(full);
            emptied.set(i, full);
        }
        return interval;
    }

    private LoadReport report(Tally total, WindowCost window, boolean complete, long doneInWindow) {
        for (LoadLoop loop : loops) {
            Throwable breakage =
                    on(loop, () -> Optional.ofNullable(loop.breakage())).orElse(null);
            if (breakage != null) {
                throw new IllegalStateException("the generator broke: " + breakage, breakage);
            }
        }
        double seconds = window.seconds();
        LatencySummary service = LatencySummary.ofNanos(total.service);
        LatencySummary response = plan.mode().open() ? LatencySummary.ofNanos(total.response) : service;
        LatencySummary sendLag = LatencySummary.ofNanos(total.sendLag);
        GeneratorCost cost = window.cost(total.requests);
        double doneShare = sendLag.count() == 0 ? 1 : (double) doneInWindow / sendLag.count();
        return new LoadReport(
                plan,
                complete,
                seconds,
                total.requests,
                total.bodyBytes,
                total.requests / seconds,
                total.bodyBytes / seconds / 1e6,
                service,
                response,
                sendLag,
                total.errors(),
                total.bodiesChecked,
                total.reconnects,
                total.resends,
                cost,
                LoadLimit.judge(plan.mode().open(), doneShare, response, sendLag, cost));
    }

    private void closeLoops() {
        for (LoadLoop loop : loops) {
            on(loop, () -> {
                loop.closeConnections();
                return true;
            });
        }
        loops.forEach(LoadLoop::shutDown);
    }

    /// Runs `task` on the loop's thread and waits for its result. What it throws comes out here.
    private static <T> T on(LoadLoop loop, Callable<T> task) {
        return loop.executor().submit(task).syncUninterruptibly().getNow();
    }
}
