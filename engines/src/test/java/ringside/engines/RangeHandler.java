package ringside.engines;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import ringside.content.OpenFile;
import ringside.linux.KernelException;

/// The least pipeline that does what a server does: requests queue up, each is started from the end of the one
/// before.
final class RangeHandler extends ChannelDuplexHandler implements TransferListener {

    private record Request(long offset, long lengthBytes, boolean cancel) {}

    private final RangeServer server;
    private final LoopEngine engine;
    private final OpenFile file;
    private final ArrayDeque<Request> waiting = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private ChannelHandlerContext ctx;
    private @Nullable Transfer transfer;
    private boolean busy;

    @SuppressWarnings("NullAway") // The context comes with handlerAdded, before anything else.
    RangeHandler(RangeServer server, LoopEngine engine, OpenFile file) {
        this.server = server;
        this.engine = engine;
        this.file = file;
    }

    Channel channel() {
        return ctx.channel();
    }

    boolean isBusy() {
        return busy;
    }

    /// How far a transfer has come that waits for its socket past the channel; −1 if none does.
    long positionPolled() {
        return transfer != null && transfer.awaitsPeer() ? transfer.bytesMoved() : -1;
    }

    void cancel() {
        if (transfer != null) {
            transfer.cancel();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        ctx.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                ctx.write(msg, promise);
                server.sawPending(ctx.channel());
            }
        });
        try {
            transfer = engine.newTransfer(ctx, this);
        } catch (KernelException e) {
            ctx.close(); // no descriptor for this connection
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        while (bytes.isReadable()) {
            char c = (char) bytes.readByte();
            if (c != '\n') {
                line.append(c);
                continue;
            }
            String[] words = line.toString().split(" ", -1);
            line.setLength(0);
            boolean cancel = words[0].equals("cancel");
            int first = cancel ? 1 : 0;
            waiting.add(new Request(Long.parseLong(words[first]), Long.parseLong(words[first + 1]), cancel));
        }
        bytes.release();
        if (!busy) {
            next();
        }
    }

    @Override
    public void transferEnded(int status, boolean headWritten) {
        server.ended(status);
        busy = false;
        if (status == Transfer.DONE) {
            next();
        } else if (headWritten) {
            ctx.close();
        } else {
            ctx.write(ctx.alloc()
                    .directBuffer()
                    .writeBytes(("status " + status + "\n").getBytes(StandardCharsets.US_ASCII)));
            next();
        }
    }

    private void next() {
        Request request = waiting.poll();
        Transfer transfer = this.transfer;
        if (request == null || transfer == null) {
            ctx.flush();
            return;
        }
        busy = true;
        server.started();
        ByteBuf head = ctx.alloc()
                .directBuffer()
                .writeBytes((RangeServer.head(request.offset, request.lengthBytes) + "\n")
                        .getBytes(StandardCharsets.US_ASCII));
        int readable = head.readableBytes();
        transfer.start(head, file, request.offset, request.lengthBytes);
        if (head.refCnt() != 1 || head.readableBytes() != readable) {
            throw new IllegalStateException("the head was touched");
        }
        head.release();
        if (request.cancel) {
            transfer.cancel();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (transfer != null) {
            transfer.writabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.clear();
        cancel();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            server.sawDefect(cause);
        }
        ctx.close();
    }
}
