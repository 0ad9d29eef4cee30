package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// One context of Linux AIO, io_setup(2), Linux 2.6; layouts and constants are those of `linux/aio_abi.h`.
///
/// Only reads of files opened with `O_DIRECT` are asynchronous: with a buffered file io_submit(2) does the
/// whole read before it returns, so don't use this for those.
///
/// A context has a fixed number of slots. A slot's way:
///
/// ```
///           acquireSlot          prepareRead           submit
///   FREE ───────────────► ACQUIRED ────────► PREPARED ────────► IN FLIGHT
///    ▲                     │   ▲                │                   │
///    │     releaseSlot     │   └────────────────┘                   │
///    ├─────────────────────┘      withdrawFirst                     │
///    └──────────────────────────────────────────────────────────────┘
///                          reap, just before the handler is called
/// ```
///
/// One thread at a time. A buffer belongs to the kernel from [#submit()] until its completion was reaped or
/// [#close()] returned. Nothing is allocated after construction.
public final class LinuxAio implements AutoCloseable {

    public static final int IOCB_CMD_PREAD = 0;
    public static final int IOCB_FLAG_RESFD = 1;

    /// The most slots a context can have here; the system's own limit is in `/proc/sys/fs/aio-max-nr`.
    public static final int DEPTH_MAX = 65_536;

    /// Where completions are fetched from.
    public enum Reap {
        /// io_getevents(2), each time.
        SYSTEM_CALL,
        /// The ring that the kernel maps into the process at the context's address (`struct aio_ring` in
        /// `fs/aio.c`, not part of the header but unchanged since 2.6, and used so by fio and QEMU): no system
        /// call unless it must wait. Where the ring's magic number is another one, io_getevents(2) is used.
        MAPPED_RING
    }

    /// Gets each completion, on the thread that reaps.
    @FunctionalInterface
    public interface CompletionHandler {
        /// @param slot free again already: the handler may acquire it for its next read
        /// @param result bytes read, 0 at the end of the file, fewer than asked for at its end, or the negated
        ///     errno
        void completed(int slot, long result);
    }

    static final int IOCB_BYTES = 64;
    static final int AIO_DATA = 0;
    static final int AIO_RW_FLAGS = 12;
    static final int AIO_LIO_OPCODE = 16;
    static final int AIO_REQPRIO = 18;
    static final int AIO_FILDES = 20;
    static final int AIO_BUF = 24;
    static final int AIO_NBYTES = 32;
    static final int AIO_OFFSET = 40;
    static final int AIO_FLAGS = 56;
    static final int AIO_RESFD = 60;

    static final int IO_EVENT_BYTES = 32;
    static final int EVENT_DATA = 0;
    static final int EVENT_RES = 16;

    private static final int RING_MAGIC = 0xa10a10a1;
    private static final int RING_NR = 4;
    private static final int RING_HEAD = 8;
    private static final int RING_TAIL = 12;
    private static final int RING_MAGIC_AT = 16;
    private static final int RING_HEADER_LENGTH = 28;
    private static final int RING_HEADER_BYTES = 32;

    private static final byte FREE = 0;
    private static final byte ACQUIRED = 1;
    private static final byte PREPARED = 2;
    private static final byte IN_FLIGHT = 3;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Kernel kernel;
    private final int depth;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment iocbs;
    private final MemorySegment pointers;
    private final MemorySegment events;
    private final MemorySegment noTime;
    private final long context;
    /// Empty when completions are fetched with the system call.
    private final MemorySegment ring;

    private final int ringEntries;
    private final int ringHeaderBytes;
    private final byte[] states;
    private final int[] freeSlots;
    private int freeCount;
    private int preparedCount;
    private int inFlightCount;
    private int eventNext;
    private int eventCount;
    private int notifyFd = -1;
    private boolean closed;

    /// A context of `depth` slots that fetches completions from the mapped ring.
    public LinuxAio(Kernel kernel, int depth) {
        this(kernel, depth, Reap.MAPPED_RING);
    }

    /// @param depth slots, 1 to [#DEPTH_MAX]
    /// @throws KernelException `EAGAIN` when the system's limit on requests (`fs.aio-max-nr`) is reached,
    ///     `ENOSYS` when the kernel was built without AIO
    public LinuxAio(Kernel kernel, int depth, Reap reap) {
        if (depth < 1 || depth > DEPTH_MAX) {
            throw new IllegalArgumentException("depth is " + depth + ": choose 1 to " + DEPTH_MAX);
        }
        this.kernel = kernel;
        this.depth = depth;
        this.iocbs = arena.allocate((long) depth * IOCB_BYTES, 64);
        this.pointers = arena.allocate(ValueLayout.JAVA_LONG, depth);
        this.events = arena.allocate((long) depth * IO_EVENT_BYTES, 64);
        this.noTime = arena.allocate(2 * ValueLayout.JAVA_LONG.byteSize(), 8);
        this.states = new byte[depth];
        this.freeSlots = new int[depth];
        for (int i = 0; i < depth; i++) {
            freeSlots[i] = depth - 1 - i;
        }
        this.freeCount = depth;
        MemorySegment id = arena.allocate(ValueLayout.JAVA_LONG);
        long result = kernel.call(Syscall.IO_SETUP, depth, id.address());
        if (result < 0) {
            arena.close();
            throw KernelException.of(
                    Syscall.IO_SETUP, "a context of " + depth + " requests (limit: sysctl fs.aio-max-nr)", result);
        }
        this.context = id.get(ValueLayout.JAVA_LONG, 0);
        this.ring = reap == Reap.MAPPED_RING ? mappedRing() : MemorySegment.NULL;
        this.ringEntries = ring.byteSize() == 0 ? 0 : ring.get(ValueLayout.JAVA_INT, RING_NR);
        this.ringHeaderBytes = ring.byteSize() == 0 ? 0 : ring.get(ValueLayout.JAVA_INT, RING_HEADER_LENGTH);
    }

    public int depth() {
        return depth;
    }

    /// Slots that are prepared and wait for [#submit()].
    public int prepared() {
        return preparedCount;
    }

    /// Slots that the kernel has.
    public int inFlight() {
        return inFlightCount;
    }

    /// Whether completions come from the mapped ring, without a system call.
    public boolean reapsMappedRing() {
        return ringEntries != 0;
    }

    /// From now on each prepared read adds 1 to `eventFd` when it completes (`IOCB_FLAG_RESFD`).
    public void notifyThrough(EventFd eventFd) {
        notifyFd = eventFd.fd();
    }

    /// @return a slot, 0 to depth − 1, or −1 when all are taken: reap first
    public int acquireSlot() {
        if (freeCount == 0) {
            return -1;
        }
        int slot = freeSlots[--freeCount];
        states[slot] = ACQUIRED;
        return slot;
    }

    /// Gives back a slot that was acquired and not prepared.
    public void releaseSlot(int slot) {
        require(slot, ACQUIRED);
        free(slot);
    }

    /// Fills the slot's `iocb` with a read and queues it for the next [#submit()].
    ///
    /// @param address of the buffer; with `O_DIRECT` aligned, as length and offset are, to what statx(2) says
    ///     in `stx_dio_mem_align` and `stx_dio_offset_align`
    /// @param offset in the file, in bytes
    public void prepareRead(int slot, int fd, long address, long lengthBytes, long offset) {
        prepareRead(slot, fd, address, lengthBytes, offset, 0);
    }

    /// As [#prepareRead(int, int, long, long, long)].
    ///
    /// @param rwFlags `RWF_…` of preadv2(2) (4.13; older kernels ignore them): [PositionedReads#RWF_DONTCACHE]
    public void prepareRead(int slot, int fd, long address, long lengthBytes, long offset, int rwFlags) {
        require(slot, ACQUIRED);
        long at = (long) slot * IOCB_BYTES;
        iocbs.set(ValueLayout.JAVA_LONG, at + AIO_DATA, slot);
        iocbs.set(ValueLayout.JAVA_INT, at + AIO_RW_FLAGS, rwFlags);
        iocbs.set(ValueLayout.JAVA_SHORT, at + AIO_LIO_OPCODE, (short) IOCB_CMD_PREAD);
        iocbs.set(ValueLayout.JAVA_SHORT, at + AIO_REQPRIO, (short) 0);
        iocbs.set(ValueLayout.JAVA_INT, at + AIO_FILDES, fd);
        iocbs.set(ValueLayout.JAVA_LONG, at + AIO_BUF, address);
        iocbs.set(ValueLayout.JAVA_LONG, at + AIO_NBYTES, lengthBytes);
        iocbs.set(ValueLayout.JAVA_LONG, at + AIO_OFFSET, offset);
        iocbs.set(ValueLayout.JAVA_INT, at + AIO_FLAGS, notifyFd < 0 ? 0 : IOCB_FLAG_RESFD);
        iocbs.set(ValueLayout.JAVA_INT, at + AIO_RESFD, notifyFd < 0 ? 0 : notifyFd);
        pointers.setAtIndex(ValueLayout.JAVA_LONG, preparedCount++, iocbs.address() + at);
        states[slot] = PREPARED;
    }

    /// Hands the kernel everything prepared since the last submit, in one io_submit(2), in the order of
    /// preparation.
    ///
    /// @return how many the kernel took, 0 when nothing was prepared, or the negated errno when it took none:
    ///     then the first prepared one is at fault (`EBADF`, `EINVAL`: see [#withdrawFirst()]) or the kernel is
    ///     short of requests (`EAGAIN`: reap, then submit again). What it didn't take stays prepared.
    public int submit() {
        if (preparedCount == 0) {
            return 0;
        }
        int taken = (int) kernel.call(Syscall.IO_SUBMIT, context, preparedCount, pointers.address());
        if (taken <= 0) {
            return taken;
        }
        for (int i = 0; i < taken; i++) {
            states[slotAt(i)] = IN_FLIGHT;
        }
        preparedCount -= taken;
        inFlightCount += taken;
        MemorySegment.copy(pointers, (long) taken * Long.BYTES, pointers, 0, (long) preparedCount * Long.BYTES);
        return taken;
    }

    /// Takes the first prepared read out of the queue, for when [#submit()] says that the kernel won't have it.
    ///
    /// @return its slot, acquired as before [#prepareRead]
    public int withdrawFirst() {
        if (preparedCount == 0) {
            throw new IllegalStateException("nothing is prepared");
        }
        int slot = slotAt(0);
        preparedCount--;
        MemorySegment.copy(pointers, Long.BYTES, pointers, 0, (long) preparedCount * Long.BYTES);
        states[slot] = ACQUIRED;
        return slot;
    }

    /// Hands over the completions that are there, at most [#depth()] of them, and doesn't wait. When the
    /// handler throws, the rest stays for the next call.
    ///
    /// @return how many, or the negated errno
    public int reap(CompletionHandler handler) {
        return reap(0, handler);
    }

    /// As [#reap(CompletionHandler)], but waits until at least `min` completions are there.
    ///
    /// @param min at most [#inFlight()]: more would wait forever
    /// @return how many, which is fewer than `min` when a signal came in between, or the negated errno: `EINTR`
    ///     when a signal came before the first
    public int reap(int min, CompletionHandler handler) {
        if (min > inFlightCount) {
            throw new IllegalArgumentException(
                    "waiting for " + min + " completions with " + inFlightCount + " in flight would never end");
        }
        int handled = deliver(handler);
        if (ringEntries != 0) {
            handled += reapRing(handler);
            if (handled >= min) {
                return handled;
            }
        }
        long result = kernel.call(
                Syscall.IO_GETEVENTS,
                context,
                Math.max(0, min - handled),
                depth,
                events.address(),
                min > handled ? 0 : noTime.address());
        if (result < 0) {
            return handled > 0 ? handled : (int) result;
        }
        eventNext = 0;
        eventCount = (int) result;
        return handled + deliver(handler);
    }

    /// Asks the kernel to cancel a read in flight, io_cancel(2). No file read of Linux 6.18 can be cancelled:
    /// be ready to wait for it.
    ///
    /// @return −`EINPROGRESS` when it was cancelled: its completion still comes; −`EINVAL` when it can't be
    ///     cancelled, or is complete; any other negated errno as io_cancel(2) has it
    public int cancel(int slot) {
        require(slot, IN_FLIGHT);
        return (int)
                kernel.call(Syscall.IO_CANCEL, context, iocbs.address() + (long) slot * IOCB_BYTES, events.address());
    }

    /// Destroys the context. Waits for all reads in flight; their completions are dropped.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            long result = kernel.call(Syscall.IO_DESTROY, context);
            KernelException.check(Syscall.IO_DESTROY, "an AIO context", result);
        } finally {
            arena.close();
        }
    }

    private int reapRing(CompletionHandler handler) {
        int handled = 0;
        while (handled < depth) {
            // The kernel fills an event before it moves the tail, and fills it again only after we moved the
            // head.
            int head = ring.get(ValueLayout.JAVA_INT, RING_HEAD);
            int tail = (int) INT.getAcquire(ring, (long) RING_TAIL);
            if (head == tail) {
                break;
            }
            long at = ringHeaderBytes + (long) head * IO_EVENT_BYTES;
            int slot = (int) ring.get(ValueLayout.JAVA_LONG, at + EVENT_DATA);
            long result = ring.get(ValueLayout.JAVA_LONG, at + EVENT_RES);
            INT.setRelease(ring, (long) RING_HEAD, head + 1 == ringEntries ? 0 : head + 1);
            handled++;
            complete(slot, result, handler);
        }
        return handled;
    }

    /// Works through `events`. Its position is a field so that neither a handler that throws nor one that reaps
    /// loses an event.
    private int deliver(CompletionHandler handler) {
        int handled = 0;
        while (eventNext < eventCount) {
            long at = (long) eventNext++ * IO_EVENT_BYTES;
            handled++;
            complete(
                    (int) events.get(ValueLayout.JAVA_LONG, at + EVENT_DATA),
                    events.get(ValueLayout.JAVA_LONG, at + EVENT_RES),
                    handler);
        }
        return handled;
    }

    private void complete(int slot, long result, CompletionHandler handler) {
        require(slot, IN_FLIGHT);
        inFlightCount--;
        free(slot);
        handler.completed(slot, result);
    }

    private void free(int slot) {
        states[slot] = FREE;
        freeSlots[freeCount++] = slot;
    }

    private void require(int slot, byte state) {
        if (states[slot] != state) {
            throw new IllegalStateException("slot " + slot + " is in state " + states[slot] + ", not " + state);
        }
    }

    private int slotAt(int index) {
        return (int) ((pointers.getAtIndex(ValueLayout.JAVA_LONG, index) - iocbs.address()) / IOCB_BYTES);
    }

    @SuppressWarnings("restricted")
    private MemorySegment mappedRing() {
        MemorySegment header = MemorySegment.ofAddress(context).reinterpret(RING_HEADER_BYTES, arena, null);
        if (header.get(ValueLayout.JAVA_INT, RING_MAGIC_AT) != RING_MAGIC) {
            return MemorySegment.NULL;
        }
        long bytes = header.get(ValueLayout.JAVA_INT, RING_HEADER_LENGTH)
                + (long) header.get(ValueLayout.JAVA_INT, RING_NR) * IO_EVENT_BYTES;
        return MemorySegment.ofAddress(context).reinterpret(bytes, arena, null);
    }
}
