package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.UnixChannel;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.linux.HeldDescriptor;
import ringside.linux.Kernel;
import ringside.linux.Sendfile;

/// sendfile(2): the kernel moves pages of the page cache to the socket, and no byte passes through the process.
///
/// On epoll the head goes by our own send(2) with MSG_MORE, which Netty has no word for, so that it leaves in
/// one segment with the start of the body, and the body by our own sendfile(2). What the socket doesn't take at
/// once goes as a region through the channel, which knows how to wait for it. On io_uring it is the same two
/// calls, and the waiting is a poll on the loop's ring: Netty's own regions there make a pipe for each and splice
/// through it with offsets of 32 bits. On nio everything goes through the channel (`FileChannel.transferTo`).
///
/// sendfile(2) has no flag against waiting, and Netty's io_uring sockets are blocking ones, so they get
/// `O_NONBLOCK`. The ring's own reads and writes don't mind: io_uring polls for a non-blocking descriptor too where
/// the file can be tried without waiting, as a socket can (Linux 5.10, "allow retry for O_NONBLOCK if async is
/// supported").
final class SendfileEngine implements SendingEngine {

    /// nginx calls it sendfile_max_chunk, with the same default.
    static final EngineOption CHUNK_BYTES = new EngineOption(
            "chunk-bytes",
            2 << 20,
            64 << 10,
            1 << 30,
            "Bytes sent for one connection before the others of its loop have their turn.");

    private static final EngineSpec SPEC = new EngineSpec(
            "sendfile",
            List.of(),
            "sendfile(2) on the event loop: page cache → socket",
            "files may be cold (it stalls the loop as a read would), or the connection is encrypted",
            List.of(CHUNK_BYTES));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        return switch (transport) {
            case NIO, EPOLL -> Availability.available();
            case IO_URING -> Availability.available("poll on the ring of the event loop");
        };
    }

    @Override
    public LoopEngine openSender(LoopContext loop, EngineOptions options) {
        return new Loop(loop, Math.toIntExact(options.get(CHUNK_BYTES)));
    }

    private static final class Loop implements LoopEngine {

        private final LoopContext loop;
        private final int chunkBytes;
        private final Arena arena = Arena.ofConfined();
        private final Sendfile sendfile;
        private final @Nullable SocketPolls polls;

        Loop(LoopContext loop, int chunkBytes) {
            this.loop = loop;
            this.chunkBytes = chunkBytes;
            this.sendfile = new Sendfile(loop.kernel(), arena);
            this.polls = loop.transport() == Transport.IO_URING ? new SocketPolls(loop) : null;
        }

        @Override
        public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
            int socketFd =
                    ctx.channel() instanceof UnixChannel channel ? channel.fd().intValue() : SendfileTransfer.NO_SOCKET;
            if (polls != null) {
                HeldDescriptor.dontBlock(loop.kernel(), socketFd, "a connection's socket");
            }
            return new SendfileTransfer(ctx, loop.kernel(), sendfile, socketFd, polls, chunkBytes, listener);
        }

        @Override
        public void close() {
            if (polls != null) {
                polls.close();
            }
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
