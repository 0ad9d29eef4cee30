package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import ringside.content.OpenFile;
import ringside.linux.Errno;
import ringside.linux.FaultyKernel;
import ringside.linux.FfmKernel;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

final class SendfileEngineTest extends EngineContract {
    SendfileEngineTest() {
        super("sendfile");
    }

    @Test
    void refusesEncryptedConnections() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Transport.NIO.ioHandlers());
        SSLEngine ssl = SSLContext.getDefault().createSSLEngine();
        ssl.setUseClientMode(false);
        EmbeddedChannel channel = new EmbeddedChannel(new SslHandler(ssl));
        group.next()
                .submit(() -> {
                    LoopContext loop =
                            new LoopContext(group.next(), Transport.NIO, new FfmKernel(), ByteBufAllocator.DEFAULT);
                    EngineOptions options = EngineOptions.defaults(engine().spec());
                    try (LoopEngine opened = engine().open(loop, options)) {
                        IllegalStateException e = assertThrows(
                                IllegalStateException.class,
                                () -> opened.newTransfer(channel.pipeline().lastContext(), (_, _) -> {}));
                        assertTrue(String.valueOf(e.getMessage()).contains("encrypt"), e.getMessage());
                    }
                    return null;
                })
                .get(10, TimeUnit.SECONDS);
        channel.finishAndReleaseAll();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// What sendfile on the io_uring transport rests on: the ring's own reads and writes wait for a socket that
    /// doesn't block just as for one that does.
    @Test
    void theRingWaitsForSocketsThatDoNotBlock() throws Exception {
        assumeAvailable(Transport.IO_URING);
        PatternFile file = file(4 << 20);
        FfmKernel kernel = new FfmKernel();
        try (RangeServer server =
                        new RangeServer(ChosenEngine.parse("blocking"), Transport.IO_URING, kernel, file, 16 << 10);
                RangeClient client = server.slowClient()) {
            client.request(0, 100);
            client.expect(file, 0, 100);
            int fd = ((UnixChannel) server.connection()).fd().intValue();
            long flags = kernel.call(Syscall.FCNTL, fd, 3, 0);
            assertEquals(0, kernel.call(Syscall.FCNTL, fd, 4, flags | OpenFiles.O_NONBLOCK));
            for (int round = 0; round < 3; round++) {
                client.request(round, 3 << 20);
                server.awaitStalled();
                client.expect(file, round, 3 << 20);
            }
        }
    }

    @Test
    void aTurnOfACancelledTransferDoesNotAdvanceTheNext() throws Exception {
        for (Transport transport : List.of(Transport.EPOLL, Transport.IO_URING)) {
            assumeAvailable(transport);
            FaultyKernel counting = FaultyKernel.builder(new FfmKernel(), 1)
                    .fail(Syscall.SENDFILE, Errno.EIO, 0)
                    .build();
            PatternFile pattern = file(300_000);
            try (LoopFixture fixture = new LoopFixture(Transport.NIO, counting);
                    RangeServer server = server(transport, pattern, 0);
                    RangeClient client = server.client()) {
                client.request(0, 10);
                client.expect(pattern, 0, 10);
                OpenFile file = fixture.open(pattern.path());
                Channel connection = server.connection();
                ChannelHandlerContext ctx = connection.pipeline().lastContext();
                List<Integer> statuses = new ArrayList<>();
                CompletableFuture<String> cancelled = new CompletableFuture<>();
                LoopEngine opened = server.onLoop(() -> {
                    LoopEngine engine = engine().open(
                                    new LoopContext(
                                            (IoEventLoop) connection.eventLoop(), transport, counting, ctx.alloc()),
                                    EngineOptions.parse(engine().spec(), "chunk-bytes=64k"));
                    Transfer transfer = engine.newTransfer(ctx, (status, headWritten) -> statuses.add(status));
                    ByteBuf head = Unpooled.buffer().writeInt(7);
                    assertThrows(IllegalArgumentException.class, () -> transfer.start(head, file, -1, 1));
                    transfer.start(head, file, 0, 300_000);
                    assertEquals(1, counting.calls(Syscall.SENDFILE));
                    transfer.cancel();
                    transfer.start(head, file, 0, 300_000);
                    assertEquals(1, counting.calls(Syscall.SENDFILE), "the next one went on before its turn");
                    new NextTurn(connection.eventLoop(), () -> {
                                transfer.cancel();
                                cancelled.complete("after one turn");
                            })
                            .await();
                    head.release();
                    return engine;
                });
                LoopFixture.await(cancelled);
                server.onLoop(() -> {
                    assertEquals(2, counting.calls(Syscall.SENDFILE));
                    assertEquals(List.of(Transfer.CANCELLED, Transfer.CANCELLED), statuses);
                    file.release();
                    opened.close();
                    return "closed";
                });
            }
        }
    }
}
