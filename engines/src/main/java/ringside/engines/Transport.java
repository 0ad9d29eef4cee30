package ringside.engines;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How sockets are driven: one of the three axes of a run.
public enum Transport {
    /// java.nio selectors: runs on any JDK.
    NIO("nio", NioServerSocketChannel.class, NioSocketChannel.class),
    /// epoll(7) through Netty's native library.
    EPOLL("epoll", EpollServerSocketChannel.class, EpollSocketChannel.class),
    /// io_uring(7) through Netty's native library: one ring per event loop.
    IO_URING("io_uring", IoUringServerSocketChannel.class, IoUringSocketChannel.class);

    private final String id;
    private final Class<? extends ServerChannel> serverChannel;
    private final Class<? extends SocketChannel> clientChannel;

    Transport(String id, Class<? extends ServerChannel> serverChannel, Class<? extends SocketChannel> clientChannel) {
        this.id = id;
        this.serverChannel = serverChannel;
        this.clientChannel = clientChannel;
    }

    /// The name on the command line and in results.
    public String id() {
        return id;
    }

    /// @throws IllegalArgumentException with a message for a person when there is no such transport
    public static Transport byId(String id) {
        for (Transport transport : values()) {
            if (transport.id.equals(id.toLowerCase(Locale.ROOT))) {
                return transport;
            }
        }
        throw new IllegalArgumentException("unknown transport '" + id + "'. Choose one of: "
                + Arrays.stream(values()).map(Transport::id).collect(Collectors.joining(", ")));
    }

    /// What to use when nobody chose: epoll, or nio where there is no epoll.
    public static Transport preferred() {
        return EPOLL.probe().isAvailable() ? EPOLL : NIO;
    }

    public Availability probe() {
        return switch (this) {
            case NIO -> Availability.available();
            case EPOLL -> probeNative(Epoll.isAvailable(), Epoll.unavailabilityCause(), "epoll");
            case IO_URING -> probeNative(IoUring.isAvailable(), IoUring.unavailabilityCause(), "io_uring");
        };
    }

    /// A new factory for the I/O handlers of an event loop group. Only when [#probe()] says available.
    public IoHandlerFactory ioHandlers() {
        return switch (this) {
            case NIO -> NioIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
        };
    }

    /// Event loops that are driven so.
    ///
    /// @param handlers [#ioHandlers()], as they are or wrapped
    /// @throws UnsupportedOperationException with a message for a person, when the kernel refuses a loop what it
    ///     needs: a
    ///     ring over the limit on locked memory, a descriptor
    public MultiThreadIoEventLoopGroup openLoops(int threads, ThreadFactory names, IoHandlerFactory handlers) {
        try {
            return new MultiThreadIoEventLoopGroup(threads, names, handlers);
        } catch (IllegalStateException e) {
            // Netty: "failed to create a child event loop".
            throw new UnsupportedOperationException(
                    "an event loop on " + id + " can't be made: " + rootOf(e).getMessage()
                            + ". Raise the limits on locked memory (ulimit -l) and open files (ulimit -n), ask for fewer"
                            + " event loops, or choose another --transport",
                    e);
        }
    }

    public Class<? extends ServerChannel> serverChannel() {
        return serverChannel;
    }

    public Class<? extends SocketChannel> clientChannel() {
        return clientChannel;
    }

    private static Availability probeNative(boolean available, @Nullable Throwable cause, String facility) {
        if (available) {
            return Availability.available();
        }
        String reason = cause == null
                ? "Netty gives no reason"
                : String.valueOf(rootOf(cause).getMessage());
        return Availability.unavailable(
                "Netty can't use " + facility + ": " + reason,
                facility.equals("io_uring")
                        ? "Use Linux 5.14 or later on x86-64 with sysctl kernel.io_uring_disabled=0, or --transport"
                                + " epoll."
                        : "Use Linux on x86-64, or --transport nio.");
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }
}
