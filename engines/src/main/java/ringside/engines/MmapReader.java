package ringside.engines;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FileSize;
import ringside.linux.MappedRange;
import ringside.linux.MemoryAdvice;
import ringside.linux.PageResidency;

/// Copies out of a mapping of the file, on the event loop: what isn't in the page cache is a page fault that the
/// loop waits for.
///
/// ```
///   read ── window mapped? ── copy ── size of the file now? ──┬─ covers the copy ──► all of it
///            └─ mmap(2)         └─ fault: page is gone        ├─ less ─────────────► what was the file's
///                                                             └─ after a fault ────► once more, without the rest
/// ```
///
/// The bytes could go to the socket as they are in the mapping (`view`), one copy less. They don't: a chunk waits in
/// the channel for as long as a slow client pleases, and if the file is truncated within a page meanwhile, the page
/// is sent with zeros behind the new end, which nobody can tell from the file's bytes any more. A copy is checked
/// when it is made. The kernel changes a file's size before it clears the page (truncate_setsize), so a copy that
/// has seen such zeros is followed by the smaller size; unless the file has grown back in between.
final class MmapReader implements FileReader {

    /// A file that goes on shrinking under its reader is given up.
    private static final int TRIES_MAX = 4;

    private final LoopContext context;
    private final MappedWindows windows;
    private final long windowBytes;
    private final @Nullable MemoryAdvice advice;
    private final boolean populate;
    private long mapped;
    private long faults;
    private boolean closed;

    /// @param windowBytes size of a window, a multiple of the page size
    /// @param windowsMax mapped at once
    /// @param advice for each window, or null for none
    /// @param populate whether all of a window is read when it is mapped
    MmapReader(LoopContext context, long windowBytes, int windowsMax, @Nullable MemoryAdvice advice, boolean populate) {
        this.context = context;
        this.windowBytes = windowBytes;
        this.windows = new MappedWindows(windowsMax);
        this.advice = advice;
        this.populate = populate;
    }

    @Override
    public ByteBuf allocate(int headBytes, int lengthBytes) {
        return context.allocator().directBuffer(headBytes + lengthBytes);
    }

    @Override
    public void read(OpenFile file, long offset, int lengthBytes, ByteBuf target, ReadCompletion completion) {
        int writerIndex = target.writerIndex();
        int result = closed ? -Errno.ECANCELED : read(file, offset, lengthBytes, target.memoryAddress() + writerIndex);
        if (result > 0) {
            target.writerIndex(writerIndex + result);
        }
        completion.readCompleted(result);
    }

    @Override
    public void close() {
        closed = true;
        windows.unmapAll();
    }

    @Override
    public Map<String, Long> counts() {
        return Map.of("windows mapped", mapped, "copies from pages that were gone", faults);
    }

    /// Windows that are mapped now.
    int windowsMapped() {
        return windows.count();
    }

    /// How often a window was mapped.
    long mappings() {
        return mapped;
    }

    /// Copies that met a page that was gone.
    long faults() {
        return faults;
    }

    /// @return bytes, 0 at the end of the file, or a negated errno
    private int read(OpenFile file, long offset, int lengthBytes, long address) {
        int wanted = lengthBytes;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long start = offset - offset % windowBytes;
            long within = offset - start;
            MappedWindow window = mappedFile(file).at(start);
            if (window == null || within >= window.range().lengthBytes()) {
                long result = map(file, window, start, within);
                if (result <= 0) {
                    return (int) result;
                }
                continue;
            }
            windows.used(window);
            int bytes = (int) Math.min(wanted, window.range().lengthBytes() - within);
            int copied = window.range().copy(within, address, bytes);
            // After the copy, not before it.
            long size = FileSize.tryOf(context.kernel(), file.fd());
            if (size < 0) {
                return (int) size;
            }
            int present = Math.clamp(size - offset, 0, bytes);
            if (copied >= 0) {
                return present;
            }
            faults++;
            if (present == 0) {
                return 0;
            }
            wanted = present;
        }
        // The pages should be there and are not: the device failed, or the file won't hold still.
        return -Errno.EIO;
    }

    private MappedFile mappedFile(OpenFile file) {
        MappedFile attached = file.attachment(MappedFile.class);
        if (attached == null) {
            attached = new MappedFile(windows);
            file.attach(attached);
        }
        return attached;
    }

    /// Maps the window at `start` as far as the file reaches now, in place of one that reaches less far.
    ///
    /// @return 1; 0 when the file ends before `within`; or a negated errno
    private long map(OpenFile file, @Nullable MappedWindow replaced, long start, long within) {
        long size = FileSize.tryOf(context.kernel(), file.fd());
        if (size - start <= within) {
            return Math.min(size, 0);
        }
        if (replaced != null) {
            windows.unmap(replaced);
        }
        windows.makeRoom();
        long wholePages = roundUp(size - start);
        long lengthBytes = Math.min(windowBytes, wholePages);
        long address = tryMap(file, start, lengthBytes);
        // A process has a number of mappings that it may have: others of ours may be in the way.
        while (address == -Errno.ENOMEM && windows.unmapOldest()) {
            address = tryMap(file, start, lengthBytes);
        }
        if (address < 0) {
            return address;
        }
        mapped++;
        MappedRange range = MappedRange.of(context.kernel(), address, lengthBytes);
        if (advice != null) {
            long ignored = range.advise(advice); // a wish
        }
        windows.add(new MappedWindow(mappedFile(file), start, range));
        return 1;
    }

    private long tryMap(OpenFile file, long start, long lengthBytes) {
        return MappedRange.tryMap(context.kernel(), file.fd(), start, lengthBytes, populate);
    }

    private static long roundUp(long bytes) {
        return (bytes + PageResidency.PAGE_BYTES - 1) / PageResidency.PAGE_BYTES * PageResidency.PAGE_BYTES;
    }
}
