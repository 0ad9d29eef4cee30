package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;

/// A sending engine opened on a loop, kept from connections whose bytes the process has to encrypt.
final class PlaintextLoop implements LoopEngine {

    private final EngineSpec spec;
    private final LoopEngine sender;

    PlaintextLoop(EngineSpec spec, LoopEngine sender) {
        this.spec = spec;
        this.sender = sender;
    }

    /// @throws IllegalStateException if the connection is, or is going to be, encrypted by the process
    @Override
    public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
        ChannelPipeline pipeline = ctx.pipeline();
        if (pipeline.get(SslHandler.class) != null
                || pipeline.get(AbstractSniHandler.class) != null
                || pipeline.get(OptionalSslHandler.class) != null) {
            throw new IllegalStateException("engine " + spec.name()
                    + " sends files past the process and so can't encrypt them. Choose a reading engine, such as"
                    + " blocking, for TLS");
        }
        return sender.newTransfer(ctx, listener);
    }

    @Override
    public Map<String, Long> counts() {
        return sender.counts();
    }

    @Override
    public void close() {
        sender.close();
    }
}
