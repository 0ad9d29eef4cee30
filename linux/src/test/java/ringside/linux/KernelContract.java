package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [Kernel] must hold; a test of one extends this and says which.
abstract class KernelContract {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int PROT_READ_WRITE = 3;

    private final Kernel kernel = kernel();

    @TempDir
    Path directory;

    abstract Kernel kernel();

    @Test
    void itIsChosenByItsName() {
        assertEquals(kernel.getClass(), Kernels.byName(kernel.name()).getClass());
    }

    @Test
    void aCallWithoutWordsAnswers() {
        assertEquals(ProcessHandle.current().pid(), kernel.call(Syscall.GETPID));
    }

    @Test
    void aResultOfMoreThanFourBytesComesWholeAndAllSixWordsArrive() {
        long length = 8192;
        long map = kernel.call(Syscall.MMAP, 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        assertTrue(map > 0xFFFF_FFFFL, "mapped at " + map);
        assertEquals(0, kernel.call(Syscall.MUNMAP, map, length));
        // The offset is the sixth word: one that isn't a whole page is refused.
        assertEquals(
                -Errno.EINVAL, kernel.call(Syscall.MMAP, 0, length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 1));
    }

    @Test
    void offsetsBeyondFourGibibytesArriveWhole() throws IOException {
        Path file = directory.resolve("sparse");
        long offset = (5L << 30) + 3;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(16);
            OpenFiles files = new OpenFiles(kernel);
            int fd = files.openAt(OpenFiles.AT_FDCWD, file.toString(), OpenFiles.O_CREAT | OpenFiles.O_RDWR, 0600);
            assertEquals(0, kernel.call(Syscall.FTRUNCATE, fd, offset + 4));
            assertEquals(4, kernel.call(Syscall.PREAD64, fd, buffer.address(), 16, offset));
            assertEquals(0, files.close(fd));
        }
        assertEquals(offset + 4, Files.size(file));
    }

    @Test
    void eachErrorIsItsNegatedNumber() {
        assertEquals(-Errno.EBADF, kernel.call(Syscall.CLOSE, -1));
        assertEquals(-Errno.EFAULT, kernel.call(Syscall.OPENAT, OpenFiles.AT_FDCWD, 8, 0));
        assertEquals(
                -Errno.ENOENT,
                new OpenFiles(kernel)
                        .tryOpenAt(
                                OpenFiles.AT_FDCWD, directory.resolve("nothing").toString(), 0, 0));
        assertEquals(-Errno.EINVAL, kernel.call(Syscall.EVENTFD2, 0, -1));
        assertEquals(-Errno.ENOTSOCK, notASocket());
    }

    @Test
    void anErrorOfOneThreadIsNotAnothers() throws Exception {
        List<FutureTask<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean badFd = i % 2 == 0;
            FutureTask<Long> task = new FutureTask<>(() -> {
                long expected = badFd ? -Errno.EBADF : -Errno.EINVAL;
                long wrong = 0;
                for (int round = 0; round < 20_000; round++) {
                    long result = badFd ? kernel.call(Syscall.CLOSE, -1) : kernel.call(Syscall.EVENTFD2, 0, -1);
                    wrong += result == expected ? 0 : 1;
                }
                return wrong;
            });
            tasks.add(task);
            Thread.ofPlatform().start(task);
        }
        for (FutureTask<Long> task : tasks) {
            assertEquals(0, task.get());
        }
    }

    @Test
    void aVirtualThreadMayCall() throws Exception {
        FutureTask<Long> task = new FutureTask<>(() -> kernel.call(Syscall.CLOSE, -1));
        Thread.ofVirtual().start(task);
        assertEquals(-Errno.EBADF, task.get());
    }

    @Test
    void aCallThatWaitsLetsTheOthersRun() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment pair = arena.allocate(8);
            MemorySegment buffer = arena.allocate(8);
            assertEquals(0, kernel.call(Syscall.SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0, pair.address()));
            int near = pair.get(ValueLayout.JAVA_INT, 0);
            int far = pair.get(ValueLayout.JAVA_INT, 4);
            FutureTask<Long> waiting = new FutureTask<>(() -> kernel.call(Syscall.READ, far, buffer.address(), 8));
            Thread.ofPlatform().start(waiting);
            // A collection needs every thread at a safepoint: a reader that kept the JVM from one would hang here.
            System.gc();
            buffer.set(ValueLayout.JAVA_BYTE, 7, (byte) 42);
            assertEquals(1, kernel.call(Syscall.WRITE, near, buffer.address() + 7, 1));
            assertEquals(1, waiting.get());
            assertEquals(42, buffer.get(ValueLayout.JAVA_BYTE, 0));
            assertEquals(0, kernel.call(Syscall.CLOSE, near));
            assertEquals(0, kernel.call(Syscall.CLOSE, far));
        }
    }

    private long notASocket() {
        OpenFiles files = new OpenFiles(kernel);
        int fd = files.open("/dev/null", OpenFiles.O_WRONLY);
        try (Arena arena = Arena.ofConfined()) {
            return SocketSend.send(kernel, fd, arena.allocate(1).address(), 1, 0);
        } finally {
            files.close(fd);
        }
    }
}
