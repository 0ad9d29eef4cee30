package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import java.util.Map;

/// A reading engine opened on a loop: a [FileReader], and a [Pump] per connection.
final class PumpingLoop implements LoopEngine {

    private final FileReader reader;
    private final int chunkBytes;

    PumpingLoop(FileReader reader, int chunkBytes) {
        this.reader = reader;
        this.chunkBytes = chunkBytes;
    }

    @Override
    public Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener) {
        return new Pump(ctx, reader, chunkBytes, listener);
    }

    @Override
    public Map<String, Long> counts() {
        return reader.counts();
    }

    @Override
    public void close() {
        reader.close();
    }
}
