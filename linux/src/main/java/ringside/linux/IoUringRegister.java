package ringside.linux;

import static ringside.linux.IoUringAbi.FILES_UPDATE_BYTES;
import static ringside.linux.IoUringAbi.FILES_UPDATE_FDS;
import static ringside.linux.IoUringAbi.FILES_UPDATE_OFFSET;
import static ringside.linux.IoUringAbi.IORING_REGISTER_BUFFERS;
import static ringside.linux.IoUringAbi.IORING_REGISTER_EVENTFD;
import static ringside.linux.IoUringAbi.IORING_REGISTER_EVENTFD_ASYNC;
import static ringside.linux.IoUringAbi.IORING_REGISTER_FILES;
import static ringside.linux.IoUringAbi.IORING_REGISTER_FILES_UPDATE;
import static ringside.linux.IoUringAbi.IORING_UNREGISTER_BUFFERS;
import static ringside.linux.IoUringAbi.IORING_UNREGISTER_EVENTFD;
import static ringside.linux.IoUringAbi.IORING_UNREGISTER_FILES;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/// io_uring_register(2) on any ring's descriptor: one of ours ([IoUring#fd()]) or one that a library made and
/// doesn't show ([#ringDescriptors()]).
///
/// A ring made with `IORING_SETUP_SINGLE_ISSUER` takes these calls from its own thread only and answers others
/// with `EEXIST`. Each method throws [KernelException] when the kernel refuses.
public final class IoUringRegister {

    /// `IORING_MAX_REG_BUFFERS`, `1 << 14` since 5.13 (1024 before), of `io_uring/rsrc.c` within the kernel: no header
    /// that programs see has it.
    public static final int BUFFERS_MAX = 16_384;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String RING_NAME = "anon_inode:[io_uring]";
    private static final int IOVEC_BYTES = 16;

    private IoUringRegister() {}

    /// The io_uring descriptors of this process, ascending. Compare before and after a library makes its ring
    /// to find that one.
    public static int[] ringDescriptors() {
        int[] found = new int[8];
        int count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                if (isRing(descriptor)) {
                    if (count == found.length) {
                        found = Arrays.copyOf(found, 2 * count);
                    }
                    found[count++] = Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the process's descriptors could not be listed", e);
        }
        int[] ascending = Arrays.copyOf(found, count);
        Arrays.sort(ascending);
        return ascending;
    }

    /// Pins buffers for `READ_FIXED`: the index in these arrays is the buffer's. The memory must stay mapped
    /// until [#unregisterBuffers] or until the ring is closed; it counts against `RLIMIT_MEMLOCK` of an
    /// unprivileged process (`ENOMEM`).
    public static void registerBuffers(Kernel kernel, int ringFd, long[] addresses, long[] lengthsBytes) {
        if (addresses.length != lengthsBytes.length || addresses.length < 1 || addresses.length > BUFFERS_MAX) {
            throw new IllegalArgumentException(addresses.length + " addresses and " + lengthsBytes.length
                    + " lengths: give as many of each, 1 to " + BUFFERS_MAX);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment iovecs = arena.allocate((long) addresses.length * IOVEC_BYTES, 8);
            for (int i = 0; i < addresses.length; i++) {
                iovecs.setAtIndex(ValueLayout.JAVA_LONG, 2L * i, addresses[i]);
                iovecs.setAtIndex(ValueLayout.JAVA_LONG, 2L * i + 1, lengthsBytes[i]);
            }
            register(kernel, ringFd, IORING_REGISTER_BUFFERS, iovecs.address(), addresses.length, "buffers");
        }
    }

    /// Waits for the operations in flight that use the buffers.
    public static void unregisterBuffers(Kernel kernel, int ringFd) {
        register(kernel, ringFd, IORING_UNREGISTER_BUFFERS, 0, 0, "buffers");
    }

    /// The index in `fds` is then what an operation with `IOSQE_FIXED_FILE` gives as its descriptor. −1 leaves
    /// an index empty, for [#updateFiles]. The ring holds the files open, whatever becomes of the descriptors.
    public static void registerFiles(Kernel kernel, int ringFd, int[] fds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_INT, fds);
            register(kernel, ringFd, IORING_REGISTER_FILES, copy.address(), fds.length, "files");
        }
    }

    /// Replaces registered files from index `first` on; −1 empties an index.
    ///
    /// @return how many were replaced: fewer than `fds.length` when one of them is no open descriptor
    public static int updateFiles(Kernel kernel, int ringFd, int first, int[] fds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_INT, fds);
            MemorySegment update = arena.allocate(FILES_UPDATE_BYTES, 8);
            update.set(ValueLayout.JAVA_INT, FILES_UPDATE_OFFSET, first);
            update.set(ValueLayout.JAVA_LONG, FILES_UPDATE_FDS, copy.address());
            return (int) register(kernel, ringFd, IORING_REGISTER_FILES_UPDATE, update.address(), fds.length, "files");
        }
    }

    public static void unregisterFiles(Kernel kernel, int ringFd) {
        register(kernel, ringFd, IORING_UNREGISTER_FILES, 0, 0, "files");
    }

    /// Each completion adds 1 to `eventFd`.
    ///
    /// @param asyncOnly not those that complete while they are submitted (`IORING_REGISTER_EVENTFD_ASYNC`):
    ///     only those that a worker thread completes. **Loses wake-ups** for what completes later without a
    ///     worker, as a read does that waited for the page cache to be filled (seen on 6.18): where that can
    ///     be, register with false and use [IoUring#muteEventFd]
    public static void registerEventFd(Kernel kernel, int ringFd, EventFd eventFd, boolean asyncOnly) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fd = arena.allocateFrom(ValueLayout.JAVA_INT, eventFd.fd());
            int opcode = asyncOnly ? IORING_REGISTER_EVENTFD_ASYNC : IORING_REGISTER_EVENTFD;
            register(kernel, ringFd, opcode, fd.address(), 1, "eventfd " + eventFd.fd());
        }
    }

    public static void unregisterEventFd(Kernel kernel, int ringFd) {
        register(kernel, ringFd, IORING_UNREGISTER_EVENTFD, 0, 0, "eventfd");
    }

    private static long register(Kernel kernel, int ringFd, int opcode, long address, int count, String what) {
        long result = kernel.call(Syscall.IO_URING_REGISTER, ringFd, opcode, address, count);
        return KernelException.check(Syscall.IO_URING_REGISTER, what + " of ring " + ringFd, result);
    }

    private static boolean isRing(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(RING_NAME);
        } catch (NoSuchFileException e) {
            return false; // closed since the directory was read
        }
    }
}
