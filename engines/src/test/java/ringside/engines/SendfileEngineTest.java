package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import ringside.linux.FfmKernel;

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

    @Test
    void saysWhyNotOnTheIoUringTransport() {
        assertInstanceOf(Availability.Unavailable.class, engine().probe(new FfmKernel(), Transport.IO_URING));
    }
}
