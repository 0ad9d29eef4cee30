package ringside.linux;

/// Sends memory through a connected socket with the flags that Netty has no word for: send(2).
///
/// Any thread, nothing owned, nothing allocated; the memory belongs to the caller throughout.
public final class SocketSend {

    // linux/socket.h
    /// Answer −EAGAIN instead of waiting, even on a blocking socket.
    public static final int MSG_DONTWAIT = 0x40;
    /// EPIPE without the signal. Always set.
    public static final int MSG_NOSIGNAL = 0x4000;
    /// More follows at once: TCP holds a last segment that isn't full, so that a head and the start of the file
    /// after it leave together.
    public static final int MSG_MORE = 0x8000;

    private SocketSend() {}

    /// @param flags [#MSG_MORE], [#MSG_DONTWAIT] or 0
    /// @return bytes taken, fewer than `length` when the socket's buffer is full; −EAGAIN when it takes none
    public static long send(Kernel kernel, int socketFd, long address, long length, int flags) {
        return Interruptions.restart(kernel, Syscall.SENDTO, socketFd, address, length, flags | MSG_NOSIGNAL, 0, 0);
    }
}
