package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.KernelException;
import ringside.linux.LinuxAio;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;

/// Reads past the page cache with `O_DIRECT` and io_submit(2). The device writes into the buffer itself, so
/// address, offset and length must be aligned: a read covers what was asked for from one multiple of the
/// alignment to another, and the indices of the buffer then show the part that was wanted.
///
/// One io_submit(2) takes what the loop asked for in one turn; completions come by eventfd and are fetched from
/// the ring that the kernel maps into the process.
final class DirectReader implements FileReader {

    /// Where the kernel doesn't say (before 6.1, and on file systems that don't fill `STATX_DIOALIGN` in): a
    /// page, and the largest block of common devices. 512 would be too small for devices with blocks of 4 KiB.
    static final int ALIGN_BYTES = 4096;

    private final LoopContext context;
    private final ReadQueue queue;
    private final SubmitOncePerTurn submissions;
    private final OpenFiles openFiles;
    private final Arena arena;
    private final Statx statx;
    private final LinuxAio aio;
    private final CompletionWakeup wakeup;
    private final LinuxAio.CompletionHandler handler = this::completed;
    /// The queue's slot, by the slot of the AIO context.
    private final int[] queueSlots;

    /// Set for good when nothing tells of completions any more: a positive errno. They are asked for until the last
    /// read has ended.
    private int broken;

    private boolean closed;

    private DirectReader(LoopContext context, LinuxAio aio, Arena arena) {
        this.context = context;
        this.arena = arena;
        this.aio = aio;
        this.queue = new ReadQueue(aio.depth(), this::start);
        this.queueSlots = new int[aio.depth()];
        this.submissions = new SubmitOncePerTurn(context.loop(), this::submit);
        this.openFiles = new OpenFiles(context.kernel());
        this.statx = new Statx(context.kernel(), arena);
        // Last, so that nothing can go wrong after it.
        this.wakeup = CompletionWakeup.open(context, this::reap, this::breakDown);
        aio.notifyThrough(wakeup.eventFd());
    }

    /// @param depth reads under way at once
    /// @throws ringside.linux.KernelException when the kernel refuses a context or a descriptor
    static DirectReader open(LoopContext context, int depth) {
        LinuxAio aio = new LinuxAio(context.kernel(), depth);
        Arena arena = Arena.ofConfined();
        boolean opened = false;
        try {
            DirectReader reader = new DirectReader(context, aio, arena);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                try {
                    aio.close();
                } finally {
                    arena.close();
                }
            }
        }
    }

    @Override
    public boolean readsAnywhere() {
        return false;
    }

    /// With room for aligning the address and for what an aligned read brings along in front and behind.
    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        if (headBytes != 0) {
            throw new IllegalArgumentException("a direct read can't leave " + headBytes + " bytes in front");
        }
        return context.allocator().directBuffer(lengthBytes + 3 * ALIGN_BYTES);
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (broken != 0) {
            completion.readCompleted(-broken);
            return;
        }
        DirectFile direct = file.attachment(DirectFile.class);
        if (direct == null) {
            long opened = openDirect(file);
            if (opened < 0) {
                completion.readCompleted((int) opened);
                return;
            }
            direct = describe((int) opened);
            file.attach(direct);
        }
        int skipBytes = (int) (offset % direct.offsetAlignBytes());
        int coverBytes = roundUp(skipBytes + lengthBytes, direct.offsetAlignBytes());
        int landAt = align(target, coverBytes, direct.memoryAlignBytes());
        queue.add(direct.fd(), offset - skipBytes, coverBytes, target, landAt, skipBytes, lengthBytes, completion);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            aio.close();
        } finally {
            try {
                wakeup.close();
            } finally {
                arena.close();
            }
        }
    }

    /// @return a new descriptor, or the negated errno: `EINVAL` where the file system has no O_DIRECT
    private long openDirect(OpenFile file) {
        return openFiles.tryOpenAt(
                OpenFiles.AT_FDCWD, file.procPath(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT | OpenFiles.O_NONBLOCK, 0);
    }

    private DirectFile describe(int fd) {
        boolean known = statx.tryDescriptor(fd) == 0 && statx.dioMemAlignBytes() > 0 && statx.dioOffsetAlignBytes() > 0;
        return known
                // Never less than a page: a buffer that starts within one costs the device another segment.
                ? new DirectFile(
                        openFiles, fd, Math.max(statx.dioMemAlignBytes(), ALIGN_BYTES), statx.dioOffsetAlignBytes())
                : new DirectFile(openFiles, fd, ALIGN_BYTES, ALIGN_BYTES);
    }

    /// @return the first index of the empty buffer at which `coverBytes` can land
    private static int align(ByteBuf target, int coverBytes, int alignBytes) {
        if (target.isReadable()) {
            throw new IllegalArgumentException("a direct read needs an empty buffer");
        }
        // For alignments above the usual: the buffer is empty and nobody else's until the read is complete.
        if (target.capacity() < coverBytes + alignBytes - 1) {
            target.capacity(coverBytes + alignBytes - 1);
        }
        int beyond = (int) (target.memoryAddress() % alignBytes);
        return beyond == 0 ? 0 : alignBytes - beyond;
    }

    private static int roundUp(int bytes, int alignBytes) {
        return Math.multiplyExact(Math.ceilDiv(bytes, alignBytes), alignBytes);
    }

    private void start(int slot, PendingRead read) {
        int aioSlot = aio.acquireSlot();
        if (aioSlot < 0) {
            throw new IllegalStateException("the AIO context is full with " + queue.started() + " reads");
        }
        queueSlots[aioSlot] = slot;
        aio.prepareRead(aioSlot, read.fd(), read.address(), read.lengthBytes(), read.offset());
        submissions.submitThisTurn();
    }

    private void breakDown(RuntimeException cause) {
        System.getLogger(DirectReader.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "nothing tells of completions any more: the engine stops reading",
                        cause);
        broken = cause instanceof KernelException e ? e.errno().number() : Errno.EIO;
        queue.refuseWaiting(broken);
        failPrepared(broken);
        reap();
    }

    /// Those that complete may bring others: not those.
    private void failPrepared(int errno) {
        for (int left = aio.prepared(); left > 0 && !closed; left--) {
            int slot = aio.withdrawFirst();
            aio.releaseSlot(slot);
            queue.completed(queueSlots[slot], -errno);
        }
    }

    private void submit() {
        while (!closed && aio.prepared() > 0) {
            int taken = aio.submit();
            if (taken > 0) {
                submissions.accepted();
            } else if (!canPass(taken)) {
                // The first one is at fault.
                int slot = aio.withdrawFirst();
                aio.releaseSlot(slot);
                queue.completed(queueSlots[slot], taken);
            } else {
                if (!submissions.refused()) {
                    // For too long. What is asked for from now on gets one more try.
                    failPrepared(taken == -Errno.EINTR ? Errno.EAGAIN : -taken);
                }
                break;
            }
        }
        reap();
    }

    private void reap() {
        if (!closed) {
            if (aio.reap(handler) < 0) {
                // io_getevents(2) was interrupted; the eventfd is not signalled again for what is there.
                submissions.submitLater();
            }
        }
        if (!closed && broken != 0 && queue.started() > 0) {
            submissions.submitLater();
        }
    }

    private void completed(int aioSlot, long result) {
        int slot = queueSlots[aioSlot];
        PendingRead read = queue.at(slot);
        boolean again = read != null && read.endsBeforeWanted(result) && goesOn(read, result);
        queue.completed(slot, again ? -Errno.EINTR : (int) result);
    }

    /// Whether the file has more than a short read has brought. 0 for the caller would be the end of the file.
    private boolean goesOn(PendingRead read, long result) {
        return statx.tryDescriptor(read.fd()) == 0 && statx.sizeBytes() > read.offset() + result;
    }

    /// io_submit(2): short of requests. The others are not in the man page but can come from the file system
    /// beneath.
    private static boolean canPass(int result) {
        return result == -Errno.EAGAIN || result == -Errno.EINTR || result == -Errno.ENOMEM;
    }
}
