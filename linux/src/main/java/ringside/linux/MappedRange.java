package ringside.linux;

import java.lang.foreign.MemorySegment;

/// A range of a file in memory, for reading: mmap(2) with `MAP_SHARED`.
///
/// One thread at a time. Bytes are copied out and never handed out, for two reasons. The kernel takes pages away
/// when the file is truncated, and a thread that touches one that is gone gets SIGBUS, which ends the process;
/// HotSpot turns that into an InternalError, but only for accesses of Java code. And of the last page of a file
/// that was truncated within it, the rest reads as zeros without any fault: who copies can ask for the file's size
/// *after* it has copied, and so knows which bytes were the file's.
public final class MappedRange implements AutoCloseable {

    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_POPULATE = 0x8000;

    /// All of memory, to name both ends of a copy by address.
    private static final MemorySegment MEMORY = memory();

    private final Kernel kernel;
    private final long address;
    private final long lengthBytes;
    private boolean mapped = true;

    private MappedRange(Kernel kernel, long address, long lengthBytes) {
        this.kernel = kernel;
        this.address = address;
        this.lengthBytes = lengthBytes;
    }

    /// Maps a range; it may reach beyond the end of the file.
    ///
    /// @param fd open for reading; may be closed after this
    /// @param offset multiple of [PageResidency#PAGE_BYTES]
    /// @param lengthBytes at least 1; the kernel maps whole pages
    /// @param populate reads all of it into the page cache and maps the pages now (`MAP_POPULATE`): blocks
    /// @return the address for [#of], or the negated errno: −ENOMEM when the process has no room for another
    ///     mapping (sysctl vm.max_map_count)
    public static long tryMap(Kernel kernel, int fd, long offset, long lengthBytes, boolean populate) {
        return kernel.call(
                Syscall.MMAP, 0, lengthBytes, PROT_READ, populate ? MAP_SHARED | MAP_POPULATE : MAP_SHARED, fd, offset);
    }

    /// @param address what [#tryMap] answered, for the same length; the range is this object's from now on
    public static MappedRange of(Kernel kernel, long address, long lengthBytes) {
        if (address <= 0 || lengthBytes < 1) {
            throw new IllegalArgumentException("no mapping: " + lengthBytes + " bytes at " + address);
        }
        return new MappedRange(kernel, address, lengthBytes);
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /// @return 0, or the negated errno; the range is mapped in either case
    public long advise(MemoryAdvice advice) {
        return Interruptions.restart(kernel, Syscall.MADVISE, address, lengthBytes, advice.number(), 0);
    }

    /// Copies bytes out, waiting for the device where pages are not in the page cache.
    ///
    /// Tells nothing of the end of the file: what is behind it on its last page arrives as zeros.
    ///
    /// @param from where in the range
    /// @param targetAddress memory of the caller
    /// @return `bytes`, or −EFAULT when a page couldn't be had: it is behind the end of the file, which has shrunk,
    ///     or the device failed. The target then holds anything.
    public int copy(long from, long targetAddress, int bytes) {
        if (!mapped || from < 0 || bytes < 0 || from + bytes > lengthBytes) {
            throw new IllegalArgumentException(bytes + " bytes at " + from + " of " + lengthBytes);
        }
        try {
            MemorySegment.copy(MEMORY, address + from, MEMORY, targetAddress, bytes);
            deliverFault();
        } catch (InternalError e) {
            return -Errno.EFAULT;
        }
        return bytes;
    }

    /// HotSpot resumes behind the access that faulted and throws at a later safepoint of the thread
    /// (`SharedRuntime::handle_unsafe_access`): in code that C2 has compiled, most often behind the `catch`. On the
    /// return from a native method it looks for such an error and throws it then and there; this one does nothing
    /// else of note. (JDK 25.0.3, 30,000 faults: 26,154 were thrown outside without this call, none with it.)
    private void deliverFault() {
        boolean ignored = Thread.holdsLock(this);
    }

    @Override
    public void close() {
        if (mapped) {
            mapped = false;
            // munmap(2) of what mmap(2) gave fails for a programmer's mistake only.
            KernelException.check(Syscall.MUNMAP, "a mapped file", kernel.call(Syscall.MUNMAP, address, lengthBytes));
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}
