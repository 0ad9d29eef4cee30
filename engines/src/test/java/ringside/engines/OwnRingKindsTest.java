package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.IoPollSupport;
import ringside.linux.IoUringAbi;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// Rings of our own with a poll thread or polled completions, on every transport.
@Timeout(60)
class OwnRingKindsTest {

    private static final Kernel KERNEL = new FfmKernel();
    private static final int FILE_BYTES = (1 << 20) + 777;
    private static final int PARAMS_FLAGS = 8;

    @TempDir
    private Path directory;

    private Path path = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void writeFile() throws IOException {
        Availability available = new UringEngine().probe(KERNEL, Transport.NIO);
        Assumptions.assumeTrue(available.isAvailable(), available::toString);
        content = new byte[FILE_BYTES];
        new Random(5).nextBytes(content);
        path = directory.resolve("file");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
    }

    /// Counts entries, and can refuse those that wake the poll thread.
    private static final class EnterKernel implements Kernel {

        private final AtomicInteger enters = new AtomicInteger();
        private final AtomicInteger wakes = new AtomicInteger();
        private volatile int refusal;

        @Override
        public String name() {
            return "entering";
        }

        @Override
        public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
            if (call == Syscall.IO_URING_ENTER) {
                enters.incrementAndGet();
                if ((a3 & IoUringAbi.IORING_ENTER_SQ_WAKEUP) != 0) {
                    wakes.incrementAndGet();
                    if (refusal != 0) {
                        return -refusal;
                    }
                }
            }
            return KERNEL.call(call, a0, a1, a2, a3, a4, a5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollThreadThatIsAwakeTakesReadsWithoutACall(Transport transport) throws IOException {
        EnterKernel kernel = new EnterKernel();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringEngine(), "sqpoll=on,sqpoll-idle-ms=10000,queue-depth=4");
            readMany(fixture, reader, file, 1);
            // It may have to be woken for its first read.
            kernel.enters.set(0);
            readMany(fixture, reader, file, 100);
            assertEquals(0, kernel.enters.get(), "entered though the thread was awake");
            close(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollThreadThatSleepsIsWoken(Transport transport) throws IOException {
        EnterKernel kernel = new EnterKernel();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringEngine(), "sqpoll=on,sqpoll-idle-ms=1,queue-depth=4");
            for (int i = 1; i <= 3; i++) {
                awaitSleep(fixture, reader);
                int wakesBefore = kernel.wakes.get();
                readMany(fixture, reader, file, 10);
                assertTrue(kernel.wakes.get() > wakesBefore, "nobody woke the thread, and yet it read");
            }
            close(fixture, reader, file);
        }
    }

    /// Then the thread still sleeps, and what it was to read must be neither lost nor read later.
    @Test
    void aPollThreadThatCannotBeWokenEndsTheReads() throws IOException {
        EnterKernel kernel = new EnterKernel();
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, kernel)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringEngine(), "sqpoll=on,sqpoll-idle-ms=1,queue-depth=4");
            awaitSleep(fixture, reader);
            kernel.refusal = Errno.EIO;
            List<CompletableFuture<byte[]>> answers = ask(fixture, reader, file, 10);
            for (CompletableFuture<byte[]> answer : answers) {
                CompletionException e = assertThrows(CompletionException.class, () -> LoopFixture.await(answer));
                assertTrue(String.valueOf(e.getCause()).endsWith("errno " + Errno.EIO), e.toString());
            }
            assertEquals(
                    reader.ring().sqEntries(), fixture.on(() -> reader.ring().sqSpaceLeft()));
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptedWakesCostTimeOnly(Transport transport) throws IOException {
        FaultyKernel kernel = FaultyKernel.builder(KERNEL, 3)
                .fail(Syscall.IO_URING_ENTER, Errno.EINTR, 0.4)
                .fail(Syscall.IO_URING_ENTER, Errno.EAGAIN, 0.2)
                .build();
        try (LoopFixture fixture = new LoopFixture(transport, kernel)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringEngine(), "sqpoll=on,sqpoll-idle-ms=1,queue-depth=4");
            for (int i = 0; i < 8; i++) {
                awaitSleep(fixture, reader);
                readMany(fixture, reader, file, 10);
            }
            assertTrue(kernel.injected(Syscall.IO_URING_ENTER) > 0, kernel.toString());
            close(fixture, reader, file);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPollThreadReadsDirectlyIntoRegisteredBuffers(Transport transport) throws IOException {
        needsDirect();
        try (LoopFixture fixture = new LoopFixture(transport, KERNEL)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringDirectEngine(), "sqpoll=on,sqpoll-idle-ms=2,queue-depth=8");
            readMany(fixture, reader, file, 100);
            // All buffers are asked for before the first comes back.
            assertTrue(fixture.on(reader::fixedReads) >= 8);
            close(fixture, reader, file);
        }
    }

    @Test
    void aCpuThatIsNotThereIsSaidSo() throws IOException {
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            long before = LoopFixture.descriptors();
            UnsupportedOperationException e = refused(fixture, new UringEngine(), "sqpoll=on,sqpoll-cpu=8191");
            assertTrue(String.valueOf(e.getMessage()).contains("CPU 8191"), e.getMessage());
            assertEquals(before, LoopFixture.descriptors());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uring:sqpoll-cpu=0|option sqpoll-cpu of engine uring has no effect without sqpoll=on",
                "uring:sqpoll-idle-ms=5|option sqpoll-idle-ms of engine uring has no effect without sqpoll=on",
                "uring-direct:sqpoll=off,sqpoll-cpu=1|has no effect without sqpoll=on. Add that, or leave it out",
                "uring:sqpoll=yes|option sqpoll needs one of off, on, not 'yes'",
                "uring:iopoll=on|engine uring has no option 'iopoll'",
                "uring-direct:dontcache=on|engine uring-direct has no option 'dontcache'",
            })
    void optionsWithoutEffectAreRefused(String chosen, String sentence) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ChosenEngine.parse(chosen));
        assertTrue(String.valueOf(e.getMessage()).contains(sentence), e.getMessage());
    }

    /// As on this machine, if it has no device with poll queues.
    @Test
    void pollingWithoutPollQueuesIsRefusedAtTheStart() throws IOException {
        Path devices = blockDevices("0");
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            long before = LoopFixture.descriptors();
            UnsupportedOperationException e = refused(fixture, new UringDirectEngine(devices), "iopoll=on");
            assertTrue(String.valueOf(e.getMessage()).contains("no block device"), e.getMessage());
            assertTrue(String.valueOf(e.getMessage()).contains("iopoll=off"), e.getMessage());
            assertEquals(before, LoopFixture.descriptors());
        }
    }

    /// There are devices to poll, but the files are on another.
    @Test
    void aFileOnADeviceWithoutPollQueuesIsRefused() throws IOException {
        needsDirect();
        Assumptions.assumeFalse(IoPollSupport.mayWork(IoPollSupport.BLOCK_DEVICES), "a device here may be polled");
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, KERNEL)) {
            OpenFile file = fixture.open(path);
            OwnRingReader reader = open(fixture, new UringDirectEngine(blockDevices("1")), "iopoll=on,queue-depth=4");
            for (CompletableFuture<byte[]> answer : ask(fixture, reader, file, 3)) {
                CompletionException e = assertThrows(CompletionException.class, () -> LoopFixture.await(answer));
                assertTrue(String.valueOf(e.getCause()).endsWith("errno " + Errno.EOPNOTSUPP), e.toString());
            }
            close(fixture, reader, file);
            assertEquals(0, fixture.buffersBytes());
        }
    }

    /// A kernel that leaves `IOPOLL` out of the setup: reads complete, and nobody tells but who asks.
    @ParameterizedTest
    @EnumSource
    void polledReadsAreAskedForUntilTheyComplete(Transport transport) throws IOException {
        needsDirect();
        Kernel polling = new Kernel() {
            @Override
            public String name() {
                return "polling";
            }

            @Override
            public long call(Syscall call, long a0, long a1, long a2, long a3, long a4, long a5) {
                if (call == Syscall.IO_URING_SETUP) {
                    MemorySegment flags = memory(a1 + PARAMS_FLAGS, Integer.BYTES);
                    int asked = flags.get(ValueLayout.JAVA_INT, 0);
                    flags.set(ValueLayout.JAVA_INT, 0, asked & ~IoUringAbi.IORING_SETUP_IOPOLL);
                } else if (call == Syscall.IO_URING_REGISTER && a1 == IoUringAbi.IORING_REGISTER_EVENTFD) {
                    return 0; // no signal, ever
                }
                return KERNEL.call(call, a0, a1, a2, a3, a4, a5);
            }
        };
        try (LoopFixture fixture = new LoopFixture(transport, polling)) {
            OpenFile file = fixture.open(path);
            for (String more : new String[] {"", ",registered=off", ",sqpoll=on,sqpoll-idle-ms=10000"}) {
                OwnRingReader reader =
                        open(fixture, new UringDirectEngine(blockDevices("1")), "iopoll=on,queue-depth=4" + more);
                readMany(fixture, reader, file, 100);
                fixture.on(() -> {
                    reader.close();
                    return "closed";
                });
            }
            fixture.on(() -> {
                file.release();
                return "closed";
            });
            assertEquals(0, fixture.buffersBytes());
        }
    }

    @Test
    void aSetupWithoutMemoryIsRefusedWithItsReason() throws IOException {
        Kernel kernel = FaultyKernel.builder(KERNEL, 1)
                .fail(Syscall.IO_URING_SETUP, Errno.ENOMEM, 1)
                .build();
        try (LoopFixture fixture = new LoopFixture(Transport.EPOLL, kernel)) {
            for (String options : new String[] {"", "sqpoll=on"}) {
                long before = LoopFixture.descriptors();
                CompletionException e =
                        assertThrows(CompletionException.class, () -> open(fixture, new UringEngine(), options));
                assertTrue(e.getCause() instanceof KernelException, e.toString());
                assertTrue(e.toString().contains("ENOMEM") && e.toString().contains("ulimit -l"), e.toString());
                assertEquals(before, LoopFixture.descriptors());
            }
        }
    }

    private static OwnRingReader open(LoopFixture fixture, ReadingEngine engine, String options) {
        EngineOptions parsed =
                ChosenEngine.parse(engine.spec().name() + ":" + options).options();
        return (OwnRingReader) fixture.on(() -> engine.openReader(fixture.context(), parsed));
    }

    private static UnsupportedOperationException refused(LoopFixture fixture, ReadingEngine engine, String options) {
        CompletionException e = assertThrows(CompletionException.class, () -> open(fixture, engine, options));
        return assertInstanceOf(UnsupportedOperationException.class, e.getCause());
    }

    private void readMany(LoopFixture fixture, FileReader reader, OpenFile file, int count) {
        List<CompletableFuture<byte[]>> answers = ask(fixture, reader, file, count);
        for (int i = 0; i < count; i++) {
            int end = Math.min(FILE_BYTES, offset(i) + 30_000);
            assertArrayEquals(Arrays.copyOfRange(content, offset(i), end), LoopFixture.await(answers.get(i)));
        }
    }

    private static List<CompletableFuture<byte[]>> ask(
            LoopFixture fixture, FileReader reader, OpenFile file, int count) {
        return fixture.on(() -> {
            List<CompletableFuture<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(LoopFixture.readFully(reader, file, offset(i), 30_000));
            }
            return all;
        });
    }

    private static int offset(int index) {
        return index * 104_729 % FILE_BYTES;
    }

    private static void awaitSleep(LoopFixture fixture, OwnRingReader reader) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!fixture.on(() -> reader.ring().pollThreadSleeps())) {
            assertTrue(System.nanoTime() < deadline, "the poll thread doesn't go to sleep");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// What sysfs shows of a machine with one device.
    private Path blockDevices(String ioPoll) throws IOException {
        Path devices = directory.resolve("block" + ioPoll);
        Path queue = Files.createDirectories(devices.resolve("vda/queue"));
        Files.writeString(queue.resolve("io_poll"), ioPoll + "\n");
        return devices;
    }

    private void needsDirect() {
        OpenFiles files = new OpenFiles(KERNEL);
        long fd = files.tryOpenAt(OpenFiles.AT_FDCWD, path.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECT, 0);
        Assumptions.assumeTrue(fd >= 0, () -> "the file system of " + directory + " has no O_DIRECT");
        long ignored = files.close((int) fd);
    }

    private static void close(LoopFixture fixture, FileReader reader, OpenFile file) {
        fixture.on(() -> {
            file.release();
            reader.close();
            reader.close();
            return "closed";
        });
    }

    @SuppressWarnings("restricted")
    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
