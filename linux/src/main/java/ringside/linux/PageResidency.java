package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalLong;

/// Measures and changes what the page cache holds of a file: the proof behind "cold" and "hot".
///
/// Measuring is cachestat(2) (Linux 6.5), or mincore(2) where the kernel has no cachestat. Both tell only about
/// files that the caller owns or may write: cachestat refuses others with EPERM, mincore *answers "all
/// resident"*, so that [#measure(int)] asks for that right first and refuses too.
///
/// Any thread; control plane. Descriptors must be open for reading and stay the caller's.
public final class PageResidency {

    public static final int PAGE_BYTES = 4096;

    /// An eviction is tried again this often: pages can be pinned for a moment by reads in flight.
    private static final int EVICTIONS_MAX = 4;

    private static final int WARM_CHUNK_BYTES = 1 << 20;
    private static final long MINCORE_WINDOW_BYTES_MAX = 1L << 30;

    static final int PROT_READ = 1;
    static final int MAP_SHARED = 1;
    static final int W_OK = 2;
    static final int AT_EACCESS = 0x200;

    /// `struct cachestat_range`, `linux/mman.h`.
    static final StructLayout CACHESTAT_RANGE =
            MemoryLayout.structLayout(ValueLayout.JAVA_LONG.withName("off"), ValueLayout.JAVA_LONG.withName("len"));

    /// `struct cachestat`, `linux/mman.h`.
    static final StructLayout CACHESTAT = MemoryLayout.structLayout(
            ValueLayout.JAVA_LONG.withName("nr_cache"),
            ValueLayout.JAVA_LONG.withName("nr_dirty"),
            ValueLayout.JAVA_LONG.withName("nr_writeback"),
            ValueLayout.JAVA_LONG.withName("nr_evicted"),
            ValueLayout.JAVA_LONG.withName("nr_recently_evicted"));

    private final Kernel kernel;
    private final OpenFiles files;

    public PageResidency(Kernel kernel) {
        this.kernel = kernel;
        this.files = new OpenFiles(kernel);
    }

    /// What an eviction found and what it left.
    ///
    /// @param attempts how often the kernel was asked to drop the pages
    public record Eviction(Residency before, Residency after, int attempts) {

        /// Whether the file is known to be out of the cache.
        public boolean isProven() {
            return after.isCold();
        }
    }

    /// Measures the whole file.
    ///
    /// @throws KernelException EPERM if the caller neither owns the file nor may write it
    public Residency measure(int fd) {
        return measureAll(fd, descriptor(fd));
    }

    /// Measures the file at `path` whole.
    public Residency measure(String path) {
        int fd = open(path);
        try {
            return measureAll(fd, path);
        } finally {
            files.close(fd);
        }
    }

    /// Measures the pages that `offset` to `offset + lengthBytes` touches.
    public Residency measure(int fd, long offset, long lengthBytes) {
        return measure(fd, offset, lengthBytes, descriptor(fd));
    }

    /// Writes the file's dirty pages back, drops its pages from the page cache and measures what is left.
    ///
    /// Pages that somebody has mapped or locked stay: the answer says so, it isn't an error.
    ///
    /// @throws KernelException if writing back, dropping or measuring fails
    public Eviction evict(int fd) {
        return evict(fd, descriptor(fd));
    }

    /// As [#evict(int)], by path.
    public Eviction evict(String path) {
        int fd = open(path);
        try {
            return evict(fd, path);
        } finally {
            files.close(fd);
        }
    }

    /// Reads the file through, from start to the size that it has now, and measures.
    ///
    /// Not with an `O_DIRECT` descriptor, which reads past the cache. A file bigger than the free memory pushes
    /// its own start out again: the answer shows it.
    public Residency warm(int fd) {
        return warm(fd, descriptor(fd));
    }

    /// As [#warm(int)], by path.
    public Residency warm(String path) {
        int fd = open(path);
        try {
            return warm(fd, path);
        } finally {
            files.close(fd);
        }
    }

    private Residency measureAll(int fd, String object) {
        return measure(fd, 0, status(fd, object).sizeBytes(), object);
    }

    private Residency measure(int fd, long offset, long lengthBytes, String object) {
        if (offset < 0 || lengthBytes < 0 || offset + lengthBytes < 0) {
            throw new IllegalArgumentException("no range of a file: " + lengthBytes + " bytes from " + offset);
        }
        if (lengthBytes == 0) {
            return Residency.ofEmptyRange();
        }
        long first = offset / PAGE_BYTES;
        long totalPages = (offset + lengthBytes - 1) / PAGE_BYTES - first + 1;
        return cachestat(fd, first * PAGE_BYTES, totalPages, object)
                .orElseGet(() -> mincore(fd, first * PAGE_BYTES, totalPages, object));
    }

    private Eviction evict(int fd, String object) {
        Residency before = measureAll(fd, object);
        Residency after = before;
        int attempts = 0;
        while (attempts < EVICTIONS_MAX && !(attempts > 0 && after.isCold())) {
            KernelException.check(
                    Syscall.FDATASYNC, object, Interruptions.restart(kernel, Syscall.FDATASYNC, fd, 0, 0, 0));
            KernelException.check(Syscall.FADVISE64, object, FileAdvice.DONTNEED.give(kernel, fd, 0, 0));
            after = measureAll(fd, object);
            attempts++;
        }
        return new Eviction(before, after, attempts);
    }

    private Residency warm(int fd, String object) {
        long sizeBytes = status(fd, object).sizeBytes();
        try (Arena arena = Arena.ofConfined()) {
            PositionedReads reads = new PositionedReads(kernel, arena);
            long address = arena.allocate(WARM_CHUNK_BYTES).address();
            long offset = 0;
            while (offset < sizeBytes) {
                long read = reads.pread(fd, address, Math.min(WARM_CHUNK_BYTES, sizeBytes - offset), offset);
                KernelException.check(Syscall.PREAD64, object, read);
                if (read == 0) {
                    break;
                }
                offset += read;
            }
        }
        return measureAll(fd, object);
    }

    /// @return empty where the kernel has no cachestat(2)
    private Optional<Residency> cachestat(int fd, long offset, long totalPages, String object) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment range = arena.allocate(CACHESTAT_RANGE);
            MemorySegment counts = arena.allocate(CACHESTAT);
            range.set(ValueLayout.JAVA_LONG, 0, offset);
            range.set(ValueLayout.JAVA_LONG, 8, totalPages * PAGE_BYTES);
            long result = Interruptions.restart(kernel, Syscall.CACHESTAT, fd, range.address(), counts.address(), 0);
            if (result == -Errno.ENOSYS) {
                return Optional.empty();
            }
            KernelException.check(Syscall.CACHESTAT, object, result);
            // The cache may change under the kernel's walk, which then may count a page twice.
            return Optional.of(new Residency(
                    Math.min(counts.get(ValueLayout.JAVA_LONG, 0), totalPages),
                    totalPages,
                    OptionalLong.of(counts.get(ValueLayout.JAVA_LONG, 8)),
                    OptionalLong.of(counts.get(ValueLayout.JAVA_LONG, 16)),
                    OptionalLong.of(counts.get(ValueLayout.JAVA_LONG, 24)),
                    Residency.Method.CACHESTAT));
        }
    }

    private Residency mincore(int fd, long offset, long totalPages, String object) {
        refuseUnlessTold(fd, object);
        long windowPagesMax = MINCORE_WINDOW_BYTES_MAX / PAGE_BYTES;
        long cachedPages = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment residentBytes = arena.allocate(Math.min(windowPagesMax, totalPages));
            for (long page = 0; page < totalPages; page += windowPagesMax) {
                long windowPages = Math.min(windowPagesMax, totalPages - page);
                long windowBytes = windowPages * PAGE_BYTES;
                long at = offset + page * PAGE_BYTES;
                long map = kernel.call(Syscall.MMAP, 0, windowBytes, PROT_READ, MAP_SHARED, fd, at);
                KernelException.check(Syscall.MMAP, object, map);
                long told =
                        Interruptions.restart(kernel, Syscall.MINCORE, map, windowBytes, residentBytes.address(), 0);
                long unmapped = kernel.call(Syscall.MUNMAP, map, windowBytes);
                KernelException.check(Syscall.MINCORE, object, told);
                KernelException.check(Syscall.MUNMAP, object, unmapped);
                for (long i = 0; i < windowPages; i++) {
                    cachedPages += residentBytes.get(ValueLayout.JAVA_BYTE, i) & 1;
                }
            }
        }
        OptionalLong unknown = OptionalLong.empty();
        return new Residency(cachedPages, totalPages, unknown, unknown, unknown, Residency.Method.MINCORE);
    }

    /// mincore(2) since Linux 5.2 says "resident" of every page of a file that the caller neither owns nor may
    /// write.
    private void refuseUnlessTold(int fd, String object) {
        if (status(fd, object).userId() == (int) kernel.call(Syscall.GETEUID)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            long emptyPath = arena.allocate(1).address();
            long may = kernel.call(Syscall.FACCESSAT2, fd, emptyPath, W_OK, Statx.AT_EMPTY_PATH | AT_EACCESS);
            if (may < 0) {
                throw KernelException.of(Syscall.MINCORE, object, -Errno.EPERM);
            }
        }
    }

    private FileStatus status(int fd, String object) {
        try (Arena arena = Arena.ofConfined()) {
            Statx statx = new Statx(kernel, arena);
            KernelException.check(Syscall.STATX, object, statx.tryDescriptor(fd));
            return statx.status();
        }
    }

    private static String descriptor(int fd) {
        return "descriptor " + fd;
    }

    private int open(String path) {
        return files.open(path, OpenFiles.O_RDONLY | OpenFiles.O_NONBLOCK);
    }
}
