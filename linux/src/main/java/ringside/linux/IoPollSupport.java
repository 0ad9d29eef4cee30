package ringside.linux;

/// Whether reads of a certain file complete on a ring with `IORING_SETUP_IOPOLL`. Asked with
/// [IoUring#probePolled]: the kernel makes such a ring for anyone, and only a read shows whether the device has
/// queues to poll.
public sealed interface IoPollSupport {

    /// @param readNanos how long the read of one block took, by polling
    record Available(long readNanos) implements IoPollSupport {}

    /// @param errno what the kernel answered; `ETIME` when the read never completed
    /// @param reason why, a sentence for a person
    /// @param remedy what to do about it, a sentence for a person
    record Unavailable(Errno errno, String reason, String remedy) implements IoPollSupport {}
}
