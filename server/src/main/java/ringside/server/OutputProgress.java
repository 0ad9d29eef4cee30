package ringside.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/// Notices whether a channel's output moves, from one look to the next a few seconds later. On the channel's loop.
///
/// What the kernel sends by itself for a sending engine isn't in the channel's outbound buffer: the transfer counts it.
final class OutputProgress {

    private long seen;
    private long seenPast;

    /// Whether bytes have left the outbound buffer since the last look, or come into it, or have gone past it.
    ///
    /// @param bytesPast [ringside.engines.Transfer#bytesMoved()]
    boolean moved(Channel channel, long bytesPast) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        long now = 0;
        if (buffer != null && !buffer.isEmpty()) {
            now = System.identityHashCode(buffer.current());
            now = now * 31 + buffer.totalPendingWriteBytes();
            now = (now * 31 + buffer.currentProgress()) | 1;
        }
        boolean moved = now != seen || bytesPast != seenPast;
        seen = now;
        seenPast = bytesPast;
        return moved;
    }

    /// Whether nothing waited in the outbound buffer at the last look.
    boolean isEmpty() {
        return seen == 0;
    }
}
