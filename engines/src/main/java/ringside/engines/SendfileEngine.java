package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.unix.UnixChannel;
import java.lang.foreign.Arena;
import java.util.List;
import ringside.linux.Kernel;
import ringside.linux.Sendfile;

/// sendfile(2): the kernel moves pages of the page cache to the socket, and no byte passes through the process.
///
/// On epoll the head goes by our own send(2) with MSG_MORE, which Netty has no word for, so that it leaves in
/// one segment with the start of the body, and the body by our own sendfile(2). What the socket doesn't take at
/// once goes as a region through the channel, which knows how to wait for it. On nio everything goes through
/// the channel (`FileChannel.transferTo`).
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
            case IO_URING ->
                Availability.unavailable(
                        "Netty's io_uring transport has no sendfile(2): it makes a pipe for each file region and"
                                + " splices through it with offsets of 32 bits, and it doesn't report the readiness"
                                + " that a sendfile loop of our own would wait for",
                        "Use --transport epoll for sendfile, or --engine uring on this transport.");
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

        Loop(LoopContext loop, int chunkBytes) {
            this.loop = loop;
            this.chunkBytes = chunkBytes;
            this.sendfile = new Sendfile(loop.kernel(), arena);
        }

        @Override
        public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
            int socketFd = loop.transport() == Transport.EPOLL && ctx.channel() instanceof UnixChannel channel
                    ? channel.fd().intValue()
                    : SendfileTransfer.NO_SOCKET;
            return new SendfileTransfer(ctx, loop.kernel(), sendfile, socketFd, chunkBytes, listener);
        }

        @Override
        public void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }
}
