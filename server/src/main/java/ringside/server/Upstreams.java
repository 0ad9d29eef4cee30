package ringside.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoEventLoop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.engines.Transport;

/// The applications of one event loop: finds who answers a path. On that loop only.
final class Upstreams {

    private static final class Entry {
        final byte[] prefix;
        final UpstreamPool pool;

        Entry(byte[] prefix, UpstreamPool pool) {
            this.prefix = prefix;
            this.pool = pool;
        }

        /// By whole segments.
        boolean covers(byte[] path, int length) {
            int to = prefix.length;
            return length >= to && Arrays.equals(path, 0, to, prefix, 0, to) && (length == to || path[to] == '/');
        }
    }

    /// The longest first.
    private final List<Entry> entries = new ArrayList<>();

    private final PathDecoder decoder;

    /// @param loops among which the connections are divided
    /// @throws IllegalArgumentException with a message for a person when an address isn't known
    Upstreams(UpstreamConfig config, int loops, IoEventLoop eventLoop, Transport transport, HttpLimits limits) {
        decoder = new PathDecoder(limits.targetBytesMax());
        for (UpstreamRule rule : config.rules()) {
            String prefix = rule.prefix().equals("/") ? "" : rule.prefix();
            entries.add(new Entry(
                    prefix.getBytes(StandardCharsets.UTF_8),
                    new UpstreamPool(rule, config, loops, eventLoop, transport)));
        }
        entries.sort(Comparator.comparingInt(entry -> -entry.prefix.length));
    }

    /// @param parser has read the request, from `octets`
    /// @param bodyRead whether there is no body
    /// @return null if the path isn't an application's
    @Nullable
    UpstreamExchange find(
            RequestParser parser, byte[] octets, boolean bodyRead, Tick tick, ChannelHandlerContext client) {
        if (parser.asterisk() || decoder.decode(octets, parser.pathFrom, parser.pathTo) != null) {
            return null;
        }
        for (Entry entry : entries) {
            if (entry.covers(decoder.path, decoder.length)) {
                UpstreamPool pool = entry.pool;
                pool.turn(tick.second);
                CgiVariables variables = CgiVariables.of(
                        pool.rule,
                        parser,
                        octets,
                        decoder.path,
                        decoder.length,
                        client.channel().localAddress(),
                        client.channel().remoteAddress());
                if (parser.contentLengthBytes() > 0) {
                    variables.addContentLength(parser.contentLengthBytes());
                }
                Method method = parser.method;
                boolean safe = method != null && method.isServed();
                return new UpstreamExchange(pool, variables, !bodyRead, parser.chunked(), safe);
            }
        }
        return null;
    }

    void sweep(long second) {
        for (Entry entry : entries) {
            entry.pool.sweep(second);
        }
    }

    void close() {
        for (Entry entry : entries) {
            entry.pool.close();
        }
    }
}
