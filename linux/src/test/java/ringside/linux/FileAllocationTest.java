package ringside.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The data path allocates nothing in the JVM's heap, once compiled.
class FileAllocationTest {

    private static final int CALLS = 5_000;
    private static final int ROUNDS_MAX = 60;

    @TempDir
    Path directory;

    @Test
    void callsOfTheDataPathAllocateNothing() throws IOException {
        Path path = Files.write(directory.resolve("file"), new byte[100]);
        for (Kernel kernel : new Kernel[] {new FfmKernel(), new JnaKernel()}) {
            try (Arena arena = Arena.ofConfined()) {
                OpenFiles files = new OpenFiles(kernel);
                int fd = files.open(path.toString(), OpenFiles.O_RDONLY);
                MemorySegment memory = arena.allocate(128);
                PositionedReads reads = new PositionedReads(kernel, arena);
                Statx statx = new Statx(kernel, arena);
                Sendfile sendfile = new Sendfile(kernel, arena);
                String name = path.toString();
                assertNothingAllocated(kernel.name() + " pread", () -> reads.pread(fd, memory.address(), 100, 0));
                assertNothingAllocated(
                        kernel.name() + " preadv2", () -> reads.preadv2(fd, memory.address(), 100, 0, 0));
                assertNothingAllocated(
                        kernel.name() + " statx by path", () -> statx.tryPath(OpenFiles.AT_FDCWD, name, 0));
                assertNothingAllocated(kernel.name() + " statx by descriptor", () -> statx.tryDescriptor(fd));
                // The answers that are errors come the same way.
                assertNothingAllocated(kernel.name() + " sendfile", () -> sendfile.send(-1, fd, 0, 100));
                assertEquals(0, files.close(fd));
            }
        }
    }

    /// Rounds until one allocates nothing: before that the compiler may not be done.
    private static void assertNothingAllocated(String what, LongSupplier call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBytes = 0;
        long sum = 0;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                sum += call.getAsLong();
            }
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
            if (allocatedBytes < CALLS) {
                return;
            }
        }
        fail(what + ": " + allocatedBytes + " bytes for " + CALLS + " calls (sum " + sum + ")");
    }
}
