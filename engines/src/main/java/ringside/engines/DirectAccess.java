package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.IoPollSupport;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.Statx;

/// Past the page cache, with `O_DIRECT`. The device writes into the buffer itself, so address, offset and length must
/// be aligned: a read covers what was asked for from one multiple of the alignment to another, and the indices of the
/// buffer then show the part that was wanted.
///
/// ```
///   file     ├──────────┼──────────┼──────────┤   multiples of the alignment
///   wanted          ├────────────────┤
///   read     ├─ skip ┤                ├─ rest ─┤
/// ```
final class DirectAccess implements FileAccess {

    /// Where the kernel doesn't say (before 6.1, and on file systems that don't fill `STATX_DIOALIGN` in): a
    /// page, and the largest block of common devices. 512 would be too small for devices with blocks of 4 KiB.
    static final int ALIGN_BYTES = 4096;

    private static final long POLL_PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Kernel kernel;
    private final OpenFiles openFiles;
    private final Arena arena = Arena.ofConfined();
    private final Statx statx;
    private final boolean polled;
    /// By device, 0 or a negated errno: whether polled reads complete there.
    private final Map<Long, Integer> polledDevices = new HashMap<>();

    private boolean refusalLogged;

    /// @param polled reads are made on a ring with `IORING_SETUP_IOPOLL`: files on devices without queues to poll are
    ///     refused
    DirectAccess(Kernel kernel, boolean polled) {
        this.kernel = kernel;
        this.openFiles = new OpenFiles(kernel);
        this.statx = new Statx(kernel, arena);
        this.polled = polled;
    }

    @Override
    public boolean readsAnywhere() {
        return false;
    }

    /// With room for aligning the address and for what an aligned read brings along in front and behind.
    @Override
    public int bufferBytes(int headBytes, int lengthBytes) {
        if (headBytes != 0) {
            throw new IllegalArgumentException("a direct read can't leave " + headBytes + " bytes in front");
        }
        return lengthBytes + 3 * ALIGN_BYTES;
    }

    @Override
    public int rwFlags() {
        return 0;
    }

    @Override
    public int add(
            ReadQueue queue, OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        if (target.isReadable()) {
            throw new IllegalArgumentException("a direct read needs an empty buffer");
        }
        DirectFile direct = file.attachment(DirectFile.class);
        if (direct == null) {
            int opened = open(file);
            if (opened < 0) {
                return opened;
            }
            direct = describe(opened);
            file.attach(direct);
        }
        if (direct.refusal() < 0) {
            return direct.refusal();
        }
        int align = direct.offsetAlignBytes();
        int skipBytes = (int) (offset % align);
        int coverBytes = roundUp(skipBytes + lengthBytes, align);
        int slackBytes = direct.memoryAlignBytes() - 1;
        // For alignments above the usual: the buffer is empty and nobody else's until the read is complete.
        if (target.capacity() < coverBytes + slackBytes && target.maxCapacity() >= coverBytes + slackBytes) {
            target.capacity(coverBytes + slackBytes);
        }
        int beyond = (int) (target.memoryAddress() % direct.memoryAlignBytes());
        int landAt = beyond == 0 ? 0 : direct.memoryAlignBytes() - beyond;
        // One that can't grow (a registered one) gets a part: short reads are allowed.
        int roomBytes = Math.max(0, target.capacity() - landAt) / align * align;
        coverBytes = Math.min(coverBytes, roomBytes);
        int wantedBytes = Math.min(lengthBytes, coverBytes - skipBytes);
        if (wantedBytes <= 0) {
            return -Errno.EINVAL;
        }
        queue.add(direct.fd(), offset - skipBytes, coverBytes, target, landAt, skipBytes, wantedBytes, completion);
        return 0;
    }

    @Override
    public int judge(PendingRead read, int result) {
        return read.endsBeforeWanted(result) && goesOn(read, result) ? -Errno.EINTR : result;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /// Whether the file has more than a short read has brought. 0 for the caller would be the end of the file.
    private boolean goesOn(PendingRead read, long result) {
        return statx.tryDescriptor(read.fd()) == 0 && statx.sizeBytes() > read.offset() + result;
    }

    /// @return a new descriptor, or the negated errno: `EINVAL` where the file system has no O_DIRECT
    private int open(OpenFile file) {
        int opened = (int) openFiles.tryOpenAt(
                OpenFiles.AT_FDCWD, file.procPath(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT | OpenFiles.O_NONBLOCK, 0);
        if (opened == -Errno.EINVAL) {
            logOnce("the file system of " + file.path() + " has no O_DIRECT (EINVAL at the open), and nothing of it is"
                    + " served: serve files on ext4 or xfs, or choose an engine that reads through the page cache.");
        }
        return opened;
    }

    private DirectFile describe(int fd) {
        boolean told = statx.tryDescriptor(fd) == 0;
        boolean known = told && statx.dioMemAlignBytes() > 0 && statx.dioOffsetAlignBytes() > 0;
        // Never less than a page: a buffer that starts within one costs the device another segment.
        int memoryAlignBytes = known ? Math.max(statx.dioMemAlignBytes(), ALIGN_BYTES) : ALIGN_BYTES;
        int offsetAlignBytes = known ? statx.dioOffsetAlignBytes() : ALIGN_BYTES;
        // An empty file would prove nothing of its device, and needs no proof.
        boolean probed = polled && (!told || statx.sizeBytes() > 0);
        int refusal =
                probed ? refusal(fd, told ? statx.device() : -1, Math.max(memoryAlignBytes, offsetAlignBytes)) : 0;
        return new DirectFile(openFiles, fd, memoryAlignBytes, offsetAlignBytes, refusal);
    }

    /// @return 0 where polled reads complete, or a negated errno
    private int refusal(int fd, long device, int blockBytes) {
        Integer known = polledDevices.get(device);
        if (known == null) {
            known = probe(fd, blockBytes);
            polledDevices.put(device, known);
        }
        return known;
    }

    /// Reads one block by polling, which only a device that has queues to poll ever completes.
    private int probe(int fd, int blockBytes) {
        return switch (IoPollSupport.probe(kernel, fd, blockBytes, POLL_PROBE_NANOS)) {
            case IoPollSupport.Available _ -> 0;
            case IoPollSupport.Unavailable(Errno errno, String reason, String remedy) -> {
                logOnce("reads by polling (iopoll=on) don't work here, and nothing is served: " + reason + " "
                        + remedy);
                yield -errno.number();
            }
        };
    }

    private void logOnce(String sentence) {
        if (!refusalLogged) {
            refusalLogged = true;
            System.getLogger(DirectAccess.class.getName()).log(System.Logger.Level.ERROR, sentence);
        }
    }

    private static int roundUp(int bytes, int alignBytes) {
        return Math.multiplyExact(Math.ceilDiv(bytes, alignBytes), alignBytes);
    }
}
