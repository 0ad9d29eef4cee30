package ringside.bench.io;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import ringside.bench.result.Latency;
import ringside.bench.result.Measured;
import ringside.content.OpenFile;
import ringside.engines.FileReader;
import ringside.engines.LoopContext;
import ringside.engines.ReadingEngine;
import ringside.engines.Transport;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.loadtest.PacedIoHandler;

/// Runs one [ReadJob] in this process: prepares the page cache, opens the engine on an event loop of its own,
/// reads, and says what was seen. The calling thread waits, adds histograms up and tells of the phases.
public final class JobRun {

    /// What the phases are for: whoever meters the process from outside. Called on the thread of [#run()].
    public interface Phases {
        Phases UNHEARD = new Phases() {
            @Override
            public void ramping() {}

            @Override
            public void measuring() {}

            @Override
            public void measured() {}
        };

        /// All is prepared: the reads begin.
        void ramping();

        /// The window has begun.
        void measuring();

        /// The window has ended; the reads go on for the tail.
        void measured();
    }

    /// How long after its last phase a read may still be under way.
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final ReadJob job;
    private final Kernel kernel;
    private final CountingKernel counting;
    private final Phases phases;
    private final LinkedBlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final List<LoopClocks> clocks = new ArrayList<>(2);
    private final AtomicReference<@Nullable PacedIoHandler> paced = new AtomicReference<>();
    private Map<String, Long> engineCounts = Map.of();
    private boolean ended;

    public JobRun(ReadJob job, Kernel kernel, Phases phases) {
        this.job = job;
        this.kernel = kernel;
        this.counting = new CountingKernel(kernel);
        this.phases = phases;
    }

    /// Runs the job to its end; once.
    ///
    /// @throws IOException a sentence: the file can't be read, the page cache not brought into its state, a
    ///     read never completes
    /// @throws ringside.linux.KernelException when the kernel refuses the engine what it needs
    ReadResult run() throws IOException, InterruptedException {
        BlockChecksums checksums = job.verify() ? checksums() : null;
        try (LatencyLog log = new LatencyLog(job);
                FilePages pages = new FilePages(kernel, job.file(), job.area().sizeBytes())) {
            Measured before = pages.prepare(job.cache());
            ReadDriver driver = read(log, checksums);
            return result(driver, log.sum(), before, pages.measure());
        }
    }

    private BlockChecksums checksums() throws IOException {
        ReadJob.Area area = job.area();
        return job.contentSeed().isPresent()
                ? BlockChecksums.ofContent(
                        GeneratedFile.content(job.contentSeed().getAsLong()), area.sizeBytes(), area.blockBytes())
                : BlockChecksums.ofFile(job.file(), area.sizeBytes(), area.blockBytes());
    }

    private ReadDriver read(LatencyLog log, @Nullable BlockChecksums checksums)
            throws IOException, InterruptedException {
        OpenFile file = open(job.file());
        IntendedStarts starts = job.ratePerSecond().isPresent()
                ? new IntendedStarts(job.ratePerSecond().getAsDouble())
                : null;
        AtomicReference<@Nullable ReadDriver> driving = new AtomicReference<>();
        MultiThreadIoEventLoopGroup group =
                job.transport().openLoops(1, new DefaultThreadFactory("ringside-io", true), handlers(starts, driving));
        IoEventLoop loop = group.next();
        try {
            IntervalHistograms latencies = latencies(log);
            Engine opened = on(loop, () -> {
                LoopClocks.rehearse();
                FileReader reader = ((ReadingEngine) job.engine().engine())
                        .openReader(
                                new LoopContext(loop, job.transport(), counting, PooledByteBufAllocator.DEFAULT),
                                job.engine().options());
                return new Engine(
                        reader,
                        new ReadDriver(
                                job, loop, reader, file, starts, checksums, latencies, new Boundaries(latencies, log)));
            });
            try {
                phases.ramping();
                driving.set(opened.driver);
                on(loop, () -> {
                    opened.driver.begin();
                    return true;
                });
                await(opened.driver);
            } finally {
                // With a read under way for ever, its buffer and its reader stay as they are: the process
                // ends soon.
                if (ended) {
                    engineCounts = on(loop, opened.reader::counts);
                    on(loop, () -> {
                        opened.close();
                        file.release();
                        return true;
                    });
                }
            }
            return opened.driver;
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5, TimeUnit.SECONDS);
        }
    }

    /// In an open loop the pace of the reads is that of the loop itself.
    private IoHandlerFactory handlers(@Nullable IntendedStarts starts, AtomicReference<@Nullable ReadDriver> driving) {
        IoHandlerFactory handlers = job.transport().ioHandlers();
        if (starts == null) {
            return handlers;
        }
        return executor -> {
            PacedIoHandler handler = new PacedIoHandler(
                    handlers.newHandler(executor), new LatePace(driving), Margins.nanos(job.transport()));
            paced.set(handler);
            return handler;
        };
    }

    private IntervalHistograms latencies(LatencyLog log) {
        AtomicReference<@Nullable IntervalHistograms> self = new AtomicReference<>();
        IntervalHistograms latencies = new IntervalHistograms(interval -> mailbox.add(() -> {
            log.add(interval);
            IntervalHistograms owner = self.get();
            if (owner != null) {
                owner.recycle(interval);
            }
        }));
        self.set(latencies);
        return latencies;
    }

    private void await(ReadDriver driver) throws IOException, InterruptedException {
        ReadJob.Times times = job.times();
        Duration all = times.ramp().plus(times.window()).plus(times.tail()).plus(SLACK);
        long deadlineNanos = System.nanoTime() + all.toNanos();
        while (!ended) {
            Runnable message = mailbox.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new IOException("engine " + job.engine().name() + " has not completed its reads "
                        + SLACK.toSeconds() + " s after its time was over: the device or the engine hangs");
            }
            message.run();
        }
        if (clocks.size() < 2 && driver.failure().isEmpty()) {
            throw new IllegalStateException("the reads ended without a window");
        }
    }

    private ReadResult result(ReadDriver driver, Histogram latencies, Measured before, Measured after) {
        ReadDriver.Tally tally = driver.tally();
        LoopClocks nothing = new LoopClocks(0, 0, 0, 0, 0, Map.of());
        LoopClocks begin = clocks.size() == 2 ? clocks.get(0) : nothing;
        LoopClocks end = clocks.size() == 2 ? clocks.get(1) : nothing;
        double seconds = (end.atNanos() - begin.atNanos()) / 1e9;
        long waitedNanos = end.emptyNanos() - begin.emptyNanos();
        Map<String, Double> calls = new HashMap<>();
        if (tally.reads > 0) {
            end.systemCalls().forEach((call, made) -> {
                long inWindow = made - begin.systemCalls().getOrDefault(call, 0L);
                if (inWindow > 0) {
                    calls.put(call.manName(), (double) inWindow / tally.reads);
                }
            });
        }
        String failure = driver.failure();
        if (failure.isEmpty() && tally.mismatches > 0) {
            failure = "%d of %d blocks had other bytes than they must have, the first at offset %d"
                    .formatted(tally.mismatches, tally.verified, tally.firstMismatchOffset);
        }
        return new ReadResult(
                seconds,
                tally.reads,
                tally.reads * job.area().blockBytes(),
                tally.shortReads,
                tally.underWayMax,
                latencies.getTotalCount() == 0 ? Latency.unmeasurable("no read ended") : Latency.of(latencies),
                driver.startLag().getTotalCount() == 0
                        ? Latency.unmeasurable("closed loop: reads have no intended start")
                        : Latency.of(driver.startLag()),
                threadMicros(begin, end, waitedNanos, tally.reads),
                perRead(begin.userNanos(), end.userNanos(), tally.reads, 1000),
                waitedNanos / 1e9,
                calls,
                engineCounts,
                perRead(begin.allocatedBytes(), end.allocatedBytes(), tally.reads, 1),
                before,
                after,
                tally.verified,
                tally.mismatches,
                failure);
    }

    /// Waiting is taken by the wall clock: a loop that was preempted while it waited has used less CPU time
    /// than that.
    private static Measured threadMicros(LoopClocks begin, LoopClocks end, long waitedNanos, long reads) {
        return waitedNanos > 0 && end.cpuNanos() - begin.cpuNanos() < waitedNanos
                ? Measured.unmeasurable("the loop was preempted while it waited for intended starts")
                : perRead(begin.cpuNanos(), end.cpuNanos() - waitedNanos, reads, 1000);
    }

    private static Measured perRead(long begin, long end, long reads, double divisor) {
        if (begin < 0 || end < begin) {
            return Measured.unmeasurable("the JVM doesn't tell");
        }
        return reads == 0 ? Measured.unmeasurable("no read ended") : Measured.of((end - begin) / divisor / reads);
    }

    private OpenFile open(Path path) {
        int fd = new OpenFiles(kernel).open(path.toString(), OpenFiles.O_RDONLY);
        return new OpenFile(kernel, path.toString(), fd, job.area().sizeBytes());
    }

    private static <T> T on(IoEventLoop loop, java.util.concurrent.Callable<T> work) throws InterruptedException {
        return loop.submit(work).sync().getNow();
    }

    /// How much before a due time a loop stops waiting, as the load generator does it: nio waits whole
    /// milliseconds, epoll_wait(2) comes back about 110 µs late (timer slack and wake-up), io_uring(7) knows
    /// no slack.
    private static final class Margins {
        static long nanos(Transport transport) {
            return switch (transport) {
                case NIO -> 1_100_000;
                case EPOLL -> 120_000;
                case IO_URING -> 60_000;
            };
        }
    }

    /// The pace of a driver that is made after its loop.
    private record LatePace(AtomicReference<@Nullable ReadDriver> driving) implements PacedIoHandler.Pace {

        @Override
        public void dispatch(long nowNanos) {
            ReadDriver driver = driving.get();
            if (driver != null) {
                driver.dispatch(nowNanos);
            }
        }

        @Override
        public long dueNanos() {
            ReadDriver driver = driving.get();
            return driver == null ? Long.MAX_VALUE : driver.dueNanos();
        }

        @Override
        public long activity() {
            ReadDriver driver = driving.get();
            return driver == null ? 0 : driver.activity();
        }
    }

    private record Engine(FileReader reader, ReadDriver driver) {
        void close() {
            driver.close();
            reader.close();
        }
    }

    /// On the loop; what it has to say goes to the mailbox.
    private final class Boundaries implements ReadDriver.Watcher {

        private final IntervalHistograms latencies;
        private final LatencyLog log;

        Boundaries(IntervalHistograms latencies, LatencyLog log) {
            this.latencies = latencies;
            this.log = log;
        }

        @Override
        public void boundary(long nowNanos) {
            PacedIoHandler handler = paced.get();
            clocks.add(LoopClocks.look(nowNanos, handler == null ? 0 : handler.emptyNanos(), counting.made()));
            if (clocks.size() == 1) {
                mailbox.add(() -> {
                    log.begin();
                    phases.measuring();
                });
            } else {
                latencies.end();
                mailbox.add(phases::measured);
            }
        }

        @Override
        public void ended() {
            mailbox.add(() -> ended = true);
        }
    }
}
