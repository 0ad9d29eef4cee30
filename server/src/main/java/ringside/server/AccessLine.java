package ringside.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A line of the Common Log Format: `127.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 2326`. The
/// bytes are those of the content.
///
/// The request line is the client's: quotes, backslashes and what isn't visible ASCII become `\xHH`, so that
/// nobody can forge a line.
final class AccessLine {

    private static final byte[] HEX = Octets.ascii("0123456789abcdef");
    private static final byte[] UNKNOWN_LINE = Octets.ascii("-");

    private AccessLine() {}

    /// The client's part of its lines.
    static byte[] client(SocketAddress remote) {
        String host = remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : "-";
        return (host + " - - ").getBytes(StandardCharsets.US_ASCII);
    }

    /// The line up to the quote after the request line; an empty request line is written `-`.
    static byte[] begin(byte[] client, Tick tick, byte[] octets, int from, int to) {
        byte[] request = to > from ? octets : UNKNOWN_LINE;
        int requestFrom = to > from ? from : 0;
        int requestTo = to > from ? to : 1;
        byte[] line = new byte[client.length + tick.logDate.length + 4 * (requestTo - requestFrom) + 3];
        System.arraycopy(client, 0, line, 0, client.length);
        int n = client.length;
        System.arraycopy(tick.logDate, 0, line, n, tick.logDate.length);
        n += tick.logDate.length;
        line[n++] = ' ';
        line[n++] = '"';
        for (int i = requestFrom; i < requestTo; i++) {
            byte octet = request[i];
            if (octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\') {
                line[n++] = octet;
            } else {
                line[n++] = '\\';
                line[n++] = 'x';
                line[n++] = HEX[octet >> 4 & 0xf];
                line[n++] = HEX[octet & 0xf];
            }
        }
        line[n++] = '"';
        return Arrays.copyOf(line, n);
    }

    static byte[] end(byte[] begun, int statusCode, long contentBytes) {
        byte[] rest = (" " + statusCode + " " + contentBytes + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] line = Arrays.copyOf(begun, begun.length + rest.length);
        System.arraycopy(rest, 0, line, begun.length, rest.length);
        return line;
    }
}
