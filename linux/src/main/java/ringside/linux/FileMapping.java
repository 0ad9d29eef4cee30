package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Maps files into memory: mmap(2).
///
/// What is mapped is the page cache itself: who changes the file in place changes the segment, and who cuts
/// it off turns an access beyond the new end into `SIGBUS`, which the JVM throws as an [InternalError] in
/// most places and dies of in some (the loops of its checksums). So map what is replaced by rename(2) and
/// never rewritten, and read with pread(2) what is to be checksummed.
public final class FileMapping {

    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;

    private FileMapping() {}

    /// Maps a part of a file for reading. The descriptor may be closed afterwards.
    ///
    /// @param arena its closing unmaps
    /// @param offset a multiple of the page size
    /// @param lengthBytes at least 1; nothing checks that the file is that long
    /// @param object the file's name, for messages
    /// @throws KernelException if the kernel refuses
    @SuppressWarnings("restricted")
    public static MemorySegment readOnly(
            Kernel kernel, Arena arena, int fd, long offset, long lengthBytes, String object) {
        long address = kernel.call(Syscall.MMAP, 0, lengthBytes, PROT_READ, MAP_SHARED, fd, offset);
        KernelException.check(Syscall.MMAP, object, address);
        return MemorySegment.ofAddress(address)
                .reinterpret(
                        lengthBytes,
                        arena,
                        mapped -> KernelException.check(
                                Syscall.MUNMAP, object, kernel.call(Syscall.MUNMAP, mapped.address(), lengthBytes)))
                .asReadOnly();
    }
}
