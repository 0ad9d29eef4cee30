package ringside.bench.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.engines.FileReader;
import ringside.engines.ReadCompletion;
import ringside.linux.Errno;
import ringside.loadtest.PacedIoHandler;

/// Keeps so many reads under way on an event loop, and takes their times. A completion starts the next read
/// at once, so that what completes together is submitted together.
///
/// ```
///   begin ─► RAMP ─► WINDOW ─► TAIL ─► DRAIN ─► ended     (a failed read: DRAIN at once)
///              │        │         │       └ no read starts any more; those under way are waited for
///              │        │         └ as the window, uncounted
///              │        └ counted: reads that complete in it
///              └ uncounted
/// ```
///
/// What a read does is the same in all phases, and a look at the phases comes every few milliseconds from the
/// ramp on: in a window whose first read took a new way, the JVM would throw compiled code away and compile
/// again (seen: an eighth of the window's CPU time).
///
/// All on the loop but the constructor. Nothing is allocated per read.
final class ReadDriver implements PacedIoHandler.Pace {

    /// Between looks at the loop's other work, where reads complete within the call.
    private static final int TURN_READS_MAX = 256;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// Learns of the moments that matter. On the loop.
    interface Watcher {
        /// The window begins or ends: time to look at clocks. Called twice.
        void boundary(long nowNanos);

        /// No read is under way any more.
        void ended();
    }

    private enum Phase {
        RAMP,
        WINDOW,
        TAIL,
        DRAIN,
        ENDED
    }

    private final IoEventLoop loop;
    private final FileReader reader;
    private final OpenFile file;
    private final int blockBytes;
    private final BlockOrder order;
    private final ReadJob.Times times;
    private final @Nullable IntendedStarts starts;
    private final @Nullable BlockChecksums checksums;
    private final IntervalHistograms latencies;
    private final Watcher watcher;
    private final Histogram startLag = IntervalHistograms.histogram();
    private Histogram windowLag = startLag;
    private final CRC32C crc = new CRC32C();
    private final Runnable turn = this::turn;
    private final Slot[] slots;
    private final Slot[] free;
    private int freeCount;
    private boolean starting;
    private Phase phase = Phase.RAMP;
    private long phaseEndNanos = Long.MAX_VALUE;
    private long lookNanos = Long.MAX_VALUE;
    private long reads;
    private long readsBefore;
    private long activity;
    private final Tally tally = new Tally();
    private String failure = "";

    /// What the window counted.
    static final class Tally {
        long reads;
        long shortReads;
        long verified;
        long mismatches;
        /// −1 while there is none.
        long firstMismatchOffset = -1;
        int underWayMax;
    }

    /// @param starts null for a closed loop
    /// @param checksums null when nothing is to be verified
    ReadDriver(
            ReadJob job,
            IoEventLoop loop,
            FileReader reader,
            OpenFile file,
            @Nullable IntendedStarts starts,
            @Nullable BlockChecksums checksums,
            IntervalHistograms latencies,
            Watcher watcher) {
        this.loop = loop;
        this.reader = reader;
        this.file = file;
        this.blockBytes = job.area().blockBytes();
        this.order = BlockOrder.of(job.area().pattern(), job.once(), job.area().blockCount(), job.seed());
        this.times = job.times();
        this.starts = starts;
        this.checksums = checksums;
        this.latencies = latencies;
        this.watcher = watcher;
        this.slots = new Slot[job.depth()];
        this.free = new Slot[job.depth()];
    }

    /// Allocates the buffers and starts reading.
    void begin() {
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(reader.allocate(0, blockBytes));
            free[freeCount++] = slots[i];
        }
        long now = System.nanoTime();
        phaseEndNanos = now + times.ramp().toNanos();
        lookNanos = now;
        latencies.ramp(now);
        if (starts != null) {
            starts.begin(now);
        }
        turn();
    }

    /// Ends early: no read starts any more.
    void stop(String reason) {
        if (failure.isEmpty()) {
            failure = reason;
        }
        drain();
    }

    /// Gives the buffers back, after the end.
    void close() {
        for (Slot slot : slots) {
            slot.buffer.release();
        }
    }

    Tally tally() {
        return tally;
    }

    /// How late reads started after they were due; empty in a closed loop.
    Histogram startLag() {
        return windowLag;
    }

    /// Why it ended early, or the empty text.
    String failure() {
        return failure;
    }

    @Override
    public void dispatch(long nowNanos) {
        if (starts != null && nowNanos >= lookNanos) {
            look(nowNanos);
        }
        if (starts != null && dueNanos() <= nowNanos) {
            turn();
        }
    }

    /// A read that is due while all slots are taken starts when one is free again, and needs no waking up.
    @Override
    public long dueNanos() {
        return starts == null || freeCount == 0 || phase.compareTo(Phase.DRAIN) >= 0
                ? Long.MAX_VALUE
                : starts.dueNanos();
    }

    @Override
    public long activity() {
        return activity;
    }

    private void turn() {
        if (starting) {
            return;
        }
        starting = true;
        int left = TURN_READS_MAX;
        try {
            while (freeCount > 0 && left > 0 && phase.compareTo(Phase.DRAIN) < 0) {
                long startNanos = System.nanoTime();
                if (starts != null && starts.dueNanos() > startNanos) {
                    return;
                }
                startNext(startNanos);
                left--;
            }
        } finally {
            starting = false;
        }
        if (phase == Phase.DRAIN) {
            endWhenIdle();
        } else if (freeCount > 0 && phase != Phase.ENDED) {
            loop.execute(turn);
        }
    }

    private void startNext(long startNanos) {
        long block = order.next();
        if (block == BlockOrder.EXHAUSTED) {
            exhausted(startNanos);
            return;
        }
        activity++;
        Slot slot = free[--freeCount];
        if (slots.length - freeCount > tally.underWayMax) {
            tally.underWayMax = slots.length - freeCount;
        }
        slot.block = block;
        slot.doneBytes = 0;
        slot.startNanos = startNanos;
        if (starts != null) {
            slot.startNanos = starts.dueNanos();
            startLag.recordValue(Math.clamp(startNanos - slot.startNanos, 0, IntervalHistograms.LATENCY_NANOS_MAX));
            starts.advance();
        }
        slot.buffer.clear();
        reader.read(file, block * blockBytes, blockBytes, slot.buffer, slot);
    }

    /// Every block had its turn: what is complete by now is the window.
    private void exhausted(long nowNanos) {
        if (phase == Phase.RAMP) {
            failure = "every block had been read once before the ramp was over: choose a larger --size, a smaller"
                    + " --block or a shorter --ramp";
        } else if (phase == Phase.WINDOW) {
            endWindow(nowNanos);
        }
        drain();
    }

    private void completed(Slot slot, int result) {
        long now = System.nanoTime();
        activity++;
        if (now >= lookNanos) {
            look(now);
        }
        if (slot.doneBytes + result != blockBytes || result <= 0) {
            if (goesOn(slot, result)) {
                return;
            }
        } else {
            reads++;
            latencies.record(now - slot.startNanos, now);
            if (checksums != null) {
                verify(checksums, slot);
            }
        }
        free[freeCount++] = slot;
        if (!starting) {
            turn();
        }
    }

    /// A short read goes on where it ended, as the contract of readers allows; anything else is the end.
    ///
    /// @return whether the slot is still reading
    private boolean goesOn(Slot slot, int result) {
        long offset = slot.block * blockBytes + slot.doneBytes;
        if (result < 0) {
            Errno errno = Errno.of(result);
            stop("the read of " + (blockBytes - slot.doneBytes) + " bytes at " + offset + " failed: " + errno.label()
                    + ", " + errno.meaning() + ". " + errno.remedy());
        } else if (result == 0) {
            stop("the file ends at " + offset + ", before what was to be read: it has shrunk. Choose a file at rest");
        } else if (!reader.readsAnywhere()) {
            stop("the direct read of " + blockBytes + " bytes at " + offset + " brought only " + result);
        } else {
            tally.shortReads++;
            slot.doneBytes += result;
            reader.read(file, offset + result, blockBytes - slot.doneBytes, slot.buffer, slot);
            return true;
        }
        return false;
    }

    private void verify(BlockChecksums expected, Slot slot) {
        ByteBuf buffer = slot.buffer;
        boolean right = buffer.readableBytes() == blockBytes
                && expected.matches(slot.block, buffer.internalNioBuffer(buffer.readerIndex(), blockBytes), crc);
        tally.verified++;
        if (!right) {
            if (tally.mismatches++ == 0) {
                tally.firstMismatchOffset = slot.block * blockBytes;
            }
        }
    }

    private void look(long nowNanos) {
        if (nowNanos >= phaseEndNanos) {
            passPhase(nowNanos);
        }
        lookNanos = phase.compareTo(Phase.DRAIN) >= 0 ? Long.MAX_VALUE : Math.min(nowNanos + LOOK_NANOS, phaseEndNanos);
    }

    private void passPhase(long nowNanos) {
        switch (phase) {
            case RAMP -> {
                phase = Phase.WINDOW;
                phaseEndNanos = nowNanos + times.window().toNanos();
                readsBefore = reads;
                startLag.reset();
                latencies.begin(nowNanos);
                watcher.boundary(nowNanos);
            }
            case WINDOW -> endWindow(nowNanos);
            case TAIL -> drain();
            case DRAIN, ENDED -> phaseEndNanos = Long.MAX_VALUE;
        }
    }

    private void endWindow(long nowNanos) {
        phase = Phase.TAIL;
        tally.reads = reads - readsBefore;
        windowLag = startLag.copy();
        phaseEndNanos = nowNanos + times.tail().toNanos();
        watcher.boundary(nowNanos);
    }

    private void drain() {
        if (phase.compareTo(Phase.DRAIN) < 0) {
            phase = Phase.DRAIN;
            phaseEndNanos = Long.MAX_VALUE;
            if (starts != null) {
                starts.end();
            }
            // Not from within: the read that is being started, or has just completed, is still to be counted.
            loop.execute(turn);
        }
    }

    private void endWhenIdle() {
        if (freeCount == slots.length && phase == Phase.DRAIN) {
            phase = Phase.ENDED;
            watcher.ended();
        }
    }

    /// A read, again and again.
    private final class Slot implements ReadCompletion {

        private final ByteBuf buffer;
        private long block;
        private long startNanos;
        private int doneBytes;

        Slot(ByteBuf buffer) {
            this.buffer = buffer;
        }

        @Override
        public void readCompleted(int result) {
            completed(this, result);
        }
    }
}
