package ringside.engines;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;
import ringside.linux.Errno;
import ringside.linux.HeldDescriptor;
import ringside.linux.Kernel;

/// A connection's socket under a number of our own, for operations on a ring.
///
/// A ring looks a descriptor up when it starts an operation, which is after the transfer has asked for it: at the end
/// of the loop's turn, or on a worker thread when it gets there. Netty may have closed its descriptor by then, and
/// accepted the next connection under the same number. Ours is closed by us, when nothing in flight names it.
///
/// Costs two system calls and a descriptor for each connection that asks for a body.
final class HeldSocket implements ChannelFutureListener {

    private final Channel channel;
    private final Kernel kernel;
    private final Runnable closed;
    private @Nullable HeldDescriptor held;

    /// @param closed is called, on the loop, when the channel has been closed: [#release()] then, or as soon as nothing
    ///     is in flight
    HeldSocket(Channel channel, Kernel kernel, Runnable closed) {
        this.channel = channel;
        this.kernel = kernel;
        this.closed = closed;
    }

    /// @return the descriptor, or a negated errno: `EMFILE`
    int hold() {
        HeldDescriptor current = held;
        if (current != null) {
            return current.fd();
        }
        int fd = HeldDescriptor.duplicate(kernel, SocketDescriptors.of(channel));
        if (fd >= 0) {
            held = HeldDescriptor.of(kernel, fd);
            channel.closeFuture().addListener(this);
        }
        return fd;
    }

    /// The descriptor, once there is one.
    int fd() {
        return held == null ? -Errno.EBADF : held.fd();
    }

    /// Whether the peer is cut off as soon as [#release()] is called.
    boolean channelClosed() {
        return !channel.isOpen();
    }

    /// Gives the descriptor back. When nothing in flight names it.
    void release() {
        if (held != null) {
            held.close();
            held = null;
        }
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        closed.run();
        if (held != null) {
            // Operations are in flight: what Netty has closed ends for the peer now, not when they do.
            held.shutdown();
        }
    }
}
