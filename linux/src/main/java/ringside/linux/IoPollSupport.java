package ringside.linux;

import java.nio.file.Path;

/// Whether reads of a certain file complete on a ring with `IORING_SETUP_IOPOLL`. Asked with
/// [IoPollSupport#probe]: the kernel makes such a ring for anyone, and only a read shows whether the device has
/// queues to poll.
public sealed interface IoPollSupport {

    /// Where the kernel shows its block devices.
    Path BLOCK_DEVICES = Path.of("/sys/block");

    /// @param readNanos how long the read of one block took, by polling
    record Available(long readNanos) implements IoPollSupport {}

    /// @param errno what the kernel answered; `ETIME` when the read never completed
    /// @param reason why, a sentence for a person
    /// @param remedy what to do about it, a sentence for a person
    record Unavailable(Errno errno, String reason, String remedy) implements IoPollSupport {}

    /// Whether some block device has queues to poll (`queue/io_poll`, sysfs-block). What can't be read counts as yes:
    /// then [#probe] has to tell.
    ///
    /// @param blockDevices [#BLOCK_DEVICES]
    static boolean mayWork(Path blockDevices) {
        return IoPollProbe.mayWork(blockDevices);
    }

    /// Whether reads of this file complete on a polled ring (`IORING_SETUP_IOPOLL`), tried with one read at
    /// offset 0.
    ///
    /// @param directFd opened with `O_DIRECT`
    /// @param blockBytes read at once, and the alignment of the buffer: a power of two that O_DIRECT takes here
    /// @param timeoutNanos how long to poll: on a device without poll queues a read may never complete
    static IoPollSupport probe(Kernel kernel, int directFd, int blockBytes, long timeoutNanos) {
        return IoPollProbe.ask(kernel, directFd, blockBytes, timeoutNanos);
    }
}
