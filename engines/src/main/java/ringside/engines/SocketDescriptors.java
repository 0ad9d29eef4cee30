package ringside.engines;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;

/// Where a channel's descriptor can be had.
final class SocketDescriptors {

    private SocketDescriptors() {}

    /// Of a channel of Netty's native transports.
    static int of(Channel channel) {
        if (channel instanceof UnixChannel unix) {
            return unix.fd().intValue();
        }
        throw new IllegalStateException(channel + " hides its descriptor");
    }

    /// java.nio has no way to its descriptors but `sun.nio.ch`, which is closed to others; and to look for the one
    /// with the same addresses takes a system call for each descriptor that the process has.
    static Availability hiddenOnNio() {
        return Availability.unavailable("java.nio hides the socket's descriptor", "Use --transport epoll or io_uring.");
    }
}
