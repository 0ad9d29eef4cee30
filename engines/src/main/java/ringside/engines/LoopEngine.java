package ringside.engines;

import io.netty.channel.ChannelHandlerContext;
import java.util.Map;

/// An engine opened on one event loop: owns the ring, pipes, buffers or threads that all transfers of the loop share.
/// Used and closed on that loop only.
public interface LoopEngine extends AutoCloseable {

    /// A transfer for one connection, to be reused for all its responses, one after the other.
    ///
    /// @param ctx writes go out from here; belongs to the loop
    Transfer newTransfer(ChannelHandlerContext ctx, TransferListener listener);

    /// What the engine has counted on this loop since it was opened, that nothing else shows: plural nouns, such as
    /// `zero-copy sends`. Mostly nothing. Counts only grow. For reports, not for the data path.
    default Map<String, Long> counts() {
        return Map.of();
    }

    /// Gives everything back. Only when no transfer is under way. Closing twice is allowed.
    @Override
    void close();
}
