package ringside.linux;

import static ringside.linux.IoUringAbi.CQE_BYTES;
import static ringside.linux.IoUringAbi.CQ_OFF_CQES;
import static ringside.linux.IoUringAbi.IORING_FEAT_SINGLE_MMAP;
import static ringside.linux.IoUringAbi.IORING_OFF_CQ_RING;
import static ringside.linux.IoUringAbi.IORING_OFF_SQES;
import static ringside.linux.IoUringAbi.IORING_OFF_SQ_RING;
import static ringside.linux.IoUringAbi.PARAMS_CQ_ENTRIES;
import static ringside.linux.IoUringAbi.PARAMS_CQ_OFF;
import static ringside.linux.IoUringAbi.PARAMS_FEATURES;
import static ringside.linux.IoUringAbi.PARAMS_SQ_ENTRIES;
import static ringside.linux.IoUringAbi.PARAMS_SQ_OFF;
import static ringside.linux.IoUringAbi.SQE_BYTES;
import static ringside.linux.IoUringAbi.SQ_OFF_ARRAY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The three areas of a ring that the kernel shares with us, mapped for the lifetime of an arena.
///
/// ```
///  sqRing  │ head tail mask entries flags dropped │ array: index of the SQE, by position │
///  cqRing  │ head tail mask entries overflow      │ CQEs, 16 bytes each                  │
///  sqes    │ SQEs, 64 bytes each                                                         │
/// ```
///
/// With `IORING_FEAT_SINGLE_MMAP` (5.4) the first two are one mapping, seen twice.
record IoUringMemory(MemorySegment sqRing, MemorySegment cqRing, MemorySegment sqes) {

    static final long PROT_READ_WRITE = 0x1 | 0x2;
    static final long MAP_SHARED_POPULATE = 0x1 | 0x8000;

    /// @param params as io_uring_setup(2) filled them in
    static IoUringMemory map(Kernel kernel, Arena arena, int ringFd, MemorySegment params) {
        int sqEntries = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_ENTRIES);
        int cqEntries = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_ENTRIES);
        long sqBytes =
                params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + SQ_OFF_ARRAY) + (long) sqEntries * Integer.BYTES;
        long cqBytes = params.get(ValueLayout.JAVA_INT, PARAMS_CQ_OFF + CQ_OFF_CQES) + (long) cqEntries * CQE_BYTES;
        MemorySegment sqRing;
        MemorySegment cqRing;
        if ((params.get(ValueLayout.JAVA_INT, PARAMS_FEATURES) & IORING_FEAT_SINGLE_MMAP) != 0) {
            sqRing = map(kernel, arena, ringFd, Math.max(sqBytes, cqBytes), IORING_OFF_SQ_RING);
            cqRing = sqRing;
        } else {
            sqRing = map(kernel, arena, ringFd, sqBytes, IORING_OFF_SQ_RING);
            cqRing = map(kernel, arena, ringFd, cqBytes, IORING_OFF_CQ_RING);
        }
        // The indirection of the array isn't used: position i always means SQE i.
        long arrayAt = params.get(ValueLayout.JAVA_INT, PARAMS_SQ_OFF + SQ_OFF_ARRAY);
        for (int i = 0; i < sqEntries; i++) {
            sqRing.set(ValueLayout.JAVA_INT, arrayAt + (long) i * Integer.BYTES, i);
        }
        return new IoUringMemory(
                sqRing, cqRing, map(kernel, arena, ringFd, (long) sqEntries * SQE_BYTES, IORING_OFF_SQES));
    }

    @SuppressWarnings("restricted")
    private static MemorySegment map(Kernel kernel, Arena arena, int ringFd, long bytes, long offset) {
        String object = bytes + " bytes of ring " + ringFd;
        long address = kernel.call(Syscall.MMAP, 0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, ringFd, offset);
        KernelException.check(Syscall.MMAP, object, address);
        return MemorySegment.ofAddress(address)
                .reinterpret(
                        bytes,
                        arena,
                        mapped -> KernelException.check(
                                Syscall.MUNMAP, object, kernel.call(Syscall.MUNMAP, mapped.address(), bytes)));
    }
}
