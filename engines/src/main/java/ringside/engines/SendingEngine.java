package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslHandler;

/// An engine that has the kernel move the bytes from the file to the socket. Doesn't work under TLS, where the
/// bytes have to pass through the process to be encrypted.
public non-sealed interface SendingEngine extends Engine {

    /// Called by [LoopEngine#newTransfer] of every sending engine.
    ///
    /// @throws IllegalStateException if the connection is, or is going to be, encrypted by the process
    static void requirePlaintext(EngineSpec spec, ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(SslHandler.class) != null
                || pipeline.get(AbstractSniHandler.class) != null
                || pipeline.get(OptionalSslHandler.class) != null) {
            throw new IllegalStateException("engine " + spec.name()
                    + " sends files past the process and so can't encrypt them. Choose a reading engine, such as"
                    + " blocking, for TLS");
        }
    }
}
