package ringside.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/// Notices whether a channel's output moves, from one look to the next a few seconds later. On the channel's loop.
///
/// What the kernel sends by itself for a sending engine isn't in the channel's outbound buffer, and isn't seen.
final class OutputProgress {

    private long seen;

    /// Whether bytes have left the outbound buffer since the last look, or come into it.
    boolean moved(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long now = 0;
        if (buffer != null && !buffer.isEmpty()) {
            now = System.identityHashCode(buffer.current());
            now = now * 31 + buffer.totalPendingWriteBytes();
            now = (now * 31 + buffer.currentProgress()) | 1;
        }
        boolean moved = now != seen;
        seen = now;
        return moved;
    }

    /// Whether nothing waited in the outbound buffer at the last look.
    boolean isEmpty() {
        return seen == 0;
    }
}
