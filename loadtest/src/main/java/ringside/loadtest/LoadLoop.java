package ringside.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import ringside.engines.Transport;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.FfmKernel;
import ringside.linux.KernelException;
import ringside.linux.NiceValue;
import ringside.linux.Syscall;

/// One event loop of the generator with its share of connections and, in an open loop, of the rate.
///
/// All methods run on the loop's thread but the constructor, [#executor()] and [#shutDown()].
final class LoadLoop {

    private static final int RECEIVE_BYTES_LEAST = 8 * 1024;
    private static final int RECEIVE_BYTES_MOST = 128 * 1024;
    private static final int HEAD_BYTES_GUESS = 1024;
    private static final int CONNECTING_MOST = 128;

    private final LoadPlan plan;
    private final PreparedTarget[] targets;
    private final TargetChoice choice;
    private final @Nullable OnceEach once;
    private final SplittableRandom random;
    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop executor;
    private final Connection[] connections;
    private final List<ReceiveBuffer> receiveBuffers = new ArrayList<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final @Nullable OpenPace pace;
    private int openedCount;
    private int nextToOpen;
    private final LoopCounts counts;
    private long untilSample = 1;
    private boolean running;
    /// Whether answers, not the pace, start requests, though this is an open loop.
    private boolean closed;
    private boolean closing;
    private volatile boolean exhausted;
    private @Nullable Throwable breakage;

    /// @param index of this loop among the plan's
    LoadLoop(LoadPlan plan, int index, List<PreparedTarget> prepared, InetSocketAddress address) {
        this.plan = plan;
        this.targets = prepared.toArray(PreparedTarget[]::new);
        this.random = new SplittableRandom(plan.seed() + 0x9E3779B97F4A7C15L * index);
        int warmUpCount = plan.warmUpTargets().size();
        this.counts = new LoopCounts(targets, warmUpCount, plan.mode().open());
        this.choice = new TargetChoice(plan.eachOnce() ? plan.warmUpTargets() : plan.targets(), random.split());
        this.once = plan.eachOnce()
                ? new OnceEach(warmUpCount, plan.targets().size(), index, plan.threads(), random.split())
                : null;
        int count = plan.connections() / plan.threads() + (index < plan.connections() % plan.threads() ? 1 : 0);
        this.connections = new Connection[count];
        this.pace = plan.mode() instanceof LoadMode.Open open
                ? new OpenPace(this, plan, open, index, count, random.split())
                : null;
        IoHandlerFactory handlers = plan.transport().ioHandlers();
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("load-" + index, true),
                pace == null ? handlers : pace.pacing(handlers, plan.transport()));
        this.executor = group.next();
        prepareConnections(address);
    }

    private void prepareConnections(InetSocketAddress address) {
        long longestBody = 0;
        int longestRequest = 0;
        for (PreparedTarget target : targets) {
            longestBody = Math.max(longestBody, target.lengthBytes());
            longestRequest = Math.max(longestRequest, target.request().length);
        }
        int receiveBytes = Math.clamp(
                (longestBody + HEAD_BYTES_GUESS + 4095) / 4096 * 4096, RECEIVE_BYTES_LEAST, RECEIVE_BYTES_MOST);
        boolean shared = plan.transport() != Transport.IO_URING;
        for (int i = 0; i < connections.length; i++) {
            if (i == 0 || !shared) {
                receiveBuffers.add(new ReceiveBuffer(receiveBytes));
            }
            Bootstrap bootstrap = new Bootstrap()
                    .group(executor)
                    .channel(plan.transport().clientChannel())
                    .remoteAddress(address)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                            Math.max(1, plan.timeout().toMillis()))
                    .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers.getLast());
            connections[i] = new Connection(this, bootstrap, longestRequest);
        }
    }

    IoEventLoop executor() {
        return executor;
    }

    // --- The run, as the generator steers it ---

    /// Opens all connections, a bounded number at a time.
    ///
    /// @return done when all are open, or failed with the first failure
    CompletableFuture<Void> open() {
        while (nextToOpen < connections.length && nextToOpen - openedCount < CONNECTING_MOST) {
            connections[nextToOpen++].open();
        }
        return opened;
    }

    /// Load goes on: by the pace of an open loop, if this is one.
    void start() {
        running = true;
        closed = false;
        long now = System.nanoTime();
        if (pace != null) {
            pace.start(now);
        } else {
            for (Connection connection : connections) {
                if (connection.state() == Connection.State.IDLE) {
                    ready(connection, now);
                }
            }
        }
    }

    /// Load goes on in a closed loop, though this is an open one, until [#start()].
    void startClosed() {
        running = true;
        closed = true;
        if (pace != null) {
            pace.sendAll(System.nanoTime());
        }
    }

    /// Begins the window, which lasts as long as the plan says.
    ///
    /// @param clean counts from now on; what was counted so far is dropped
    /// @return when it begins
    long beginWindow(Tally clean) {
        return counts.beginWindow(clean, plan.duration().toNanos());
    }

    /// No request starts any more. What the open loop intended within the window is still sent and counted.
    void stopLoad() {
        running = false;
        if (pace != null) {
            pace.end(counts.endNanos());
        }
    }

    /// Whether a request that belongs to the window of an open loop has no answer yet.
    boolean draining() {
        if (pace != null && !pace.waiting().isEmpty()) {
            return true;
        }
        long now = System.nanoTime();
        for (Connection connection : connections) {
            if (connection.hasRequest() && counts.counts(connection, now)) {
                return true;
            }
        }
        return false;
    }

    /// Counts all that [#draining()] waits for as timed out.
    void abandon() {
        long now = System.nanoTime();
        for (Connection connection : connections) {
            if (connection.hasRequest()) {
                timedOut(connection, now);
            }
        }
        while (pace != null && !pace.waiting().isEmpty()) {
            counts.abandoned(pace.waiting().poll(), now);
        }
    }

    /// Sweeps from now on, until the loop ends.
    void sweepEvery(long nanos) {
        executor.scheduleAtFixedRate(this::sweep, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /// Gives up requests that are older than the timeout. Called every eighth of it.
    void sweep() {
        long now = System.nanoTime();
        long timeoutNanos = plan.timeout().toNanos();
        for (Connection connection : connections) {
            if (connection.hasRequest() && now - connection.startNanos() > timeoutNanos) {
                timedOut(connection, now);
            }
        }
    }

    void closeConnections() {
        closing = true;
        running = false;
        if (pace != null) {
            pace.stop();
        }
        for (Connection connection : connections) {
            connection.close();
        }
    }

    /// Ends the thread and gives the memory back. From any thread but the loop's, after [#closeConnections()].
    void shutDown() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        if (group.isTerminated()) {
            for (Connection connection : connections) {
                connection.release();
            }
            receiveBuffers.forEach(ReceiveBuffer::release);
        }
    }

    /// What went wrong in our own code, if anything did.
    @Nullable
    Throwable breakage() {
        return breakage;
    }

    /// Spent so far in turns in which a paced loop did nothing but wait for the exact time.
    long emptyNanos() {
        return pace == null ? 0 : pace.emptyNanos();
    }

    LoopCounts counts() {
        return counts;
    }

    /// Confines the loop's thread to one CPU.
    ///
    /// @throws LoadException if that isn't possible here
    void pin(int cpu) {
        if (!Syscall.SUPPORTED) {
            throw new LoadException("event loops can be pinned on Linux on x86-64 only. Leave the CPUs out");
        }
        try {
            new CpuAffinity(new FfmKernel()).set(CpuSet.of(cpu));
        } catch (KernelException | IllegalArgumentException e) {
            throw new LoadException(
                    "can't pin an event loop: " + e.getMessage()
                            + ". See which CPUs there are: nproc --all, taskset -p $$",
                    e);
        }
    }

    /// Has the loop's thread come before others on its CPU, if that is allowed: what else has something to do there,
    /// a compiler of this JVM or of another, keeps the CPU until the next tick, and what becomes due meanwhile is
    /// sent late.
    void comeFirst() {
        if (!Syscall.SUPPORTED) {
            return;
        }
        try {
            new NiceValue(new FfmKernel()).set(0, NiceValue.BEFORE_OTHERS);
        } catch (KernelException e) {
            System.getLogger("ringside.loadtest").log(System.Logger.Level.DEBUG, "a loop keeps its priority", e);
        }
    }

    // --- Told by the connections ---

    boolean closing() {
        return closing;
    }

    PreparedTarget target(int index) {
        return targets[index];
    }

    /// More of an answer came.
    void active() {
        if (pace != null) {
            pace.worked();
        }
    }

    /// `connection` can carry a request.
    void ready(Connection connection, long nowNanos) {
        if (!opened.isDone()) {
            openedOne();
        }
        if (pace != null && !closed) {
            pace.worked();
            pace.ready(connection, nowNanos);
        } else if (running) {
            send(connection, nowNanos, nowNanos);
        }
    }

    /// Sends the next request on `connection`, which is idle, if there is a target left to ask for.
    void send(Connection connection, long intendedNanos, long nowNanos) {
        int target = nextTarget();
        if (target == OnceEach.NONE) {
            endIfIdle();
        } else {
            connection.send(target, intendedNanos, nowNanos, sample());
        }
    }

    private int nextTarget() {
        return once == null || !counts.windowBegan() ? choice.next() : once.next();
    }

    /// There is nothing left to ask for: the window ends with the last answer.
    private void endIfIdle() {
        for (Connection connection : connections) {
            if (connection.hasRequest()) {
                return;
            }
        }
        if (!exhausted) {
            counts.endWindowWithLastDone();
            exhausted = true;
        }
    }

    /// Whether this loop has asked for each of its targets once, where more isn't wanted, and has all answers. From
    /// any thread.
    boolean exhausted() {
        return exhausted;
    }

    private void openedOne() {
        openedCount++;
        if (openedCount == connections.length) {
            opened.complete(null);
        } else {
            open();
        }
    }

    void connectFailed(Connection connection, Throwable cause) {
        counts.connectFailed();
        if (opened.isDone()) {
            connection.openLater();
        } else {
            opened.completeExceptionally(cause);
        }
    }

    private void timedOut(Connection connection, long nowNanos) {
        counts.timedOut(connection, nowNanos);
        connection.timedOut();
    }

    void broken(Throwable cause) {
        if (breakage == null) {
            breakage = cause;
        }
    }

    private boolean sample() {
        if (--untilSample > 0) {
            return false;
        }
        // A fixed stride would meet the same few connections each time when the server serves them in turn.
        untilSample = 1 + random.nextLong(2L * plan.bodySampleEvery() - 1);
        return true;
    }
}
