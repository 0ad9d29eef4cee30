package ringside.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/// A blocking client of [RangeServer] that looks at every byte.
final class RangeClient implements AutoCloseable {

    /// What became of a request.
    enum Answer {
        WHOLE,
        REFUSED,
        CUT
    }

    private final Socket socket = new Socket();
    private final InputStream in;
    /// The connection has ended within the line that was read last.
    private boolean ended;

    /// @param receiveBufferBytes 0 for the system's default; the kernel doubles it and has a least value
    RangeClient(int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = receiveBufferBytes > 0
                ? new Acknowledging(socket)
                : new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// Acknowledges what has come before it waits for more: tcp(7), TCP_QUICKACK, which doesn't last. Else whoever
    /// waits for room in a small window, or for the notification of SEND_ZC, waits 40 ms each time.
    private static final class Acknowledging extends FilterInputStream {

        private final Socket socket;

        Acknowledging(Socket socket) throws IOException {
            super(socket.getInputStream());
            this.socket = socket;
        }

        @Override
        public int read() throws IOException {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
            return super.read(bytes, from, count);
        }
    }

    void send(String lines) throws IOException {
        socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
    }

    void request(long offset, long lengthBytes) throws IOException {
        send(RangeServer.request(offset, lengthBytes));
    }

    /// Reads a whole answer and compares all of it.
    void expect(PatternFile file, long offset, long lengthBytes) throws IOException {
        assertEquals(RangeServer.head(offset, lengthBytes), line(), "head");
        long read = body(file, offset, lengthBytes);
        assertEquals(lengthBytes, read, "bytes of the body at " + offset);
    }

    /// Reads the head, and the body until it is complete or the connection ends.
    ///
    /// @return bytes of the body, all of them compared
    long expectCut(PatternFile file, long offset, long lengthBytes) throws IOException {
        assertEquals(RangeServer.head(offset, lengthBytes), line(), "head");
        return body(file, offset, lengthBytes);
    }

    /// @return the next line without its end; what there was of it, if the connection ended
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        for (c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        ended = c < 0;
        return line.toString();
    }

    /// Reads whatever the answer is, and fails if it holds a byte that it must not.
    ///
    /// @param refusals the statuses that it may be refused with
    Answer answer(PatternFile file, long offset, long lengthBytes, Set<Integer> refusals) throws IOException {
        String head = RangeServer.head(offset, lengthBytes);
        String line;
        try {
            line = line();
        } catch (SocketException e) {
            return Answer.CUT; // a reset, which may have overtaken what was sent before
        }
        if (ended) {
            assertTrue(head.startsWith(line) || "status -".startsWith(line), "cut within '" + line + "'");
            return Answer.CUT;
        }
        if (line.equals(head)) {
            boolean whole = body(file, offset, lengthBytes) == lengthBytes;
            if (!whole) {
                expectEnd();
            }
            return whole ? Answer.WHOLE : Answer.CUT;
        }
        assertTrue(
                refusals.stream().anyMatch(status -> line.equals("status " + status)),
                "'" + line + "' instead of '" + head + "'");
        return Answer.REFUSED;
    }

    /// @return bytes read before `lengthBytes` were, or the end or a reset of the connection
    long body(PatternFile file, long offset, long lengthBytes) throws IOException {
        byte[] bytes = new byte[1 << 14];
        long done = 0;
        while (done < lengthBytes) {
            int count;
            try {
                count = in.read(bytes, 0, (int) Math.min(bytes.length, lengthBytes - done));
            } catch (SocketException e) {
                return done;
            }
            if (count < 0) {
                return done;
            }
            int wrong = file.mismatch(bytes, count, offset + done);
            if (wrong >= 0) {
                byte expected = file.at(offset + done + wrong);
                fail("byte " + (done + wrong) + " of the body at " + offset + " is " + bytes[wrong] + ", not "
                        + expected);
            }
            done += count;
        }
        return done;
    }

    void expectEnd() throws IOException {
        try {
            assertEquals(-1, in.read(), "end of the connection");
        } catch (SocketException e) {
            // A reset is an end, too.
        }
    }

    /// Closes with a reset instead of a FIN: socket(7), SO_LINGER.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
