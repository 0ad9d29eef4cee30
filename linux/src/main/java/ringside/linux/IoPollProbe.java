package ringside.linux;

import static ringside.linux.IoUringAbi.IORING_SETUP_IOPOLL;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds out what [IoPollSupport] reports, by one read.
final class IoPollProbe {

    private static final int PENDING = Integer.MIN_VALUE;

    private int result = PENDING;

    private IoPollProbe() {}

    static boolean mayWork(Path blockDevices) {
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(blockDevices)) {
            for (Path device : devices) {
                if (!Files.readString(device.resolve("queue/io_poll")).strip().equals("0")) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return true; // not told, so not known
        }
    }

    static IoPollSupport ask(Kernel kernel, int directFd, int blockBytes, long timeoutNanos) {
        IoUring ring;
        try {
            ring = new IoUring(kernel, IoUringSetup.plain(1).with(IORING_SETUP_IOPOLL));
        } catch (KernelException e) {
            return new IoPollSupport.Unavailable(
                    e.errno(),
                    "The kernel refuses a polled ring: " + e.errno().label() + ".",
                    e.errno().remedy());
        }
        Arena arena = Arena.ofShared();
        try {
            MemorySegment buffer = arena.allocate(blockBytes, blockBytes);
            IoPollProbe probe = new IoPollProbe();
            long begin = System.nanoTime();
            IoPollSupport answer = probe.read(ring, directFd, buffer, begin, timeoutNanos);
            // The buffer of a read that never completed is left to the device for good.
            if (probe.result != PENDING) {
                arena.close();
            }
            return answer;
        } finally {
            ring.close();
        }
    }

    private IoPollSupport read(IoUring ring, int directFd, MemorySegment buffer, long begin, long timeoutNanos) {
        ring.prepareRead(directFd, buffer.address(), (int) buffer.byteSize(), 0, 0);
        while (result == PENDING && System.nanoTime() - begin < timeoutNanos) {
            int taken = ring.submitAndWait(0);
            ring.reap((userData, answer, flags) -> result = answer);
            if (result == PENDING && taken < 0 && taken != -Errno.EAGAIN && taken != -Errno.EINTR) {
                return failed(Errno.of(taken));
            }
        }
        if (result == PENDING) {
            return new IoPollSupport.Unavailable(
                    Errno.of(-Errno.ETIME),
                    "A polled read didn't complete within " + timeoutNanos / 1_000_000 + " ms.",
                    "Use a device with poll queues (NVMe: nvme.poll_queues), or don't poll.");
        }
        return result < 0 ? failed(Errno.of(result)) : new IoPollSupport.Available(System.nanoTime() - begin);
    }

    private static IoPollSupport failed(Errno errno) {
        return errno.number() == Errno.EOPNOTSUPP
                ? new IoPollSupport.Unavailable(
                        errno,
                        "The device or the file system has nothing to poll (EOPNOTSUPP).",
                        "Use a device with poll queues (NVMe: nvme.poll_queues), or don't poll.")
                : new IoPollSupport.Unavailable(
                        errno, "A polled read failed: " + errno.label() + ", " + errno.meaning() + ".", errno.remedy());
    }
}
