package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.linux.HeldDescriptor;
import ringside.linux.IoUring;
import ringside.linux.IoUringAbi;
import ringside.linux.IoUringSupport;
import ringside.linux.IoWorkers;
import ringside.linux.Kernel;

/// `IORING_OP_SPLICE` (Linux 5.7) from the file to a pipe, linked to one from the pipe to the socket, on a ring of our
/// own: never on the event loop's, which may cut a chain in two. See [SpliceBody] for the way of the bytes.
final class UringSpliceEngine implements SendingEngine {

    static final EngineOption CHUNK_BYTES = new EngineOption(
            "chunk-bytes",
            1 << 20,
            4 << 10,
            1 << 30,
            "Bytes of the file that one chain moves, if the pipe holds as many.");

    static final EngineOption PIPE_BYTES = new EngineOption(
            "pipe-bytes",
            256 << 10,
            4 << 10,
            64 << 20,
            "Size of a pipe; more than /proc/sys/fs/pipe-max-size needs CAP_SYS_RESOURCE.");

    static final EngineOption PIPES = new EngineOption(
            "pipes", 64, 1, 4096, "Pipes of an event loop, and so transfers under way at once; further ones wait.");

    static final EngineOption WORKERS = new EngineOption(
            "workers",
            0,
            0,
            1024,
            "Kernel threads that do the splices of an event loop, at most; 0 leaves the number to the kernel.");

    private static final EngineSpec SPEC = new EngineSpec(
            "uring-splice",
            List.of("async-sendfile"),
            "linked IORING_OP_SPLICE: page cache → pipe → socket, on worker threads of the kernel",
            "files are small and hot (two worker hand-overs cost more than a copy), or the connection is encrypted",
            List.of(CHUNK_BYTES, PIPE_BYTES, PIPES, WORKERS));

    @Override
    public EngineSpec spec() {
        return SPEC;
    }

    @Override
    public Availability probeOn(Kernel kernel, Transport transport) {
        if (transport == Transport.NIO) {
            return SocketDescriptors.hiddenOnNio();
        }
        return switch (IoUring.probe(kernel)) {
            case IoUringSupport.Unavailable refused -> Availability.unavailable(refused.reason(), refused.remedy());
            case IoUringSupport.Available found
            when !found.supports(IoUringAbi.IORING_OP_SPLICE) ->
                Availability.unavailable("the kernel's io_uring has no IORING_OP_SPLICE", "Use Linux 5.7 or later.");
            case IoUringSupport.Available _ -> Availability.available("ring of its own, woken by eventfd");
        };
    }

    @Override
    public LoopEngine openSender(LoopContext loop, EngineOptions options) {
        return SpliceLoop.open(
                loop,
                Math.toIntExact(options.get(CHUNK_BYTES)),
                Math.toIntExact(options.get(PIPE_BYTES)),
                Math.toIntExact(options.get(PIPES)),
                Math.toIntExact(options.get(WORKERS)));
    }

    /// What the transfers of one loop share.
    static final class SpliceLoop implements LoopEngine {

        final LoopContext context;
        final int chunkBytes;
        final Pipes pipes;
        final Scarcity scarcity;
        final Slots<SpliceBody> bodies = new Slots<>();
        final SideRing ring;

        private SpliceLoop(LoopContext loop, int chunkBytes, Pipes pipes) {
            this.context = loop;
            this.chunkBytes = chunkBytes;
            this.pipes = pipes;
            this.scarcity = new Scarcity(pipes::available);
            this.ring = SideRing.open(loop, OwnRing.plain(SideRing.SQ_ENTRIES), this::completed, () -> {});
        }

        static SpliceLoop open(LoopContext loop, int chunkBytes, int pipeBytes, int pipeCount, int workers) {
            Pipes pipes = new Pipes(loop.kernel(), pipeBytes, pipeCount);
            @Nullable SpliceLoop opened = null;
            boolean ready = false;
            try {
                opened = new SpliceLoop(loop, chunkBytes, pipes);
                if (workers > 0) {
                    // Splices into pipes and sockets are the unbounded ones.
                    IoWorkers ignored = IoWorkers.limit(loop.kernel(), opened.ring.ring(), 0, workers);
                }
                ready = true;
                return opened;
            } finally {
                if (!ready) {
                    if (opened != null) {
                        opened.ring.close();
                    }
                    pipes.close();
                }
            }
        }

        @Override
        public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
            if (context.transport() == Transport.IO_URING) {
                // A splice to a socket that blocks would keep its worker until the client takes the bytes.
                HeldDescriptor.dontBlock(
                        context.kernel(), SocketDescriptors.of(ctx.channel()), "a connection's socket");
            }
            return new SpliceBody(ctx, this, listener).transfer();
        }

        private void completed(long userData, int result, int flags) {
            int kind = (int) userData & SpliceBody.KIND_MASK;
            if (kind != SpliceBody.CANCEL) {
                bodies.get((int) (userData >>> SpliceBody.KIND_BITS)).completed(kind, result);
            }
        }

        @Override
        public void close() {
            try {
                ring.close();
            } finally {
                pipes.close();
            }
        }
    }
}
