package ringside.bench.verify;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// One connection to the server under test: blocking, and with an opinion on what may come. Belongs to one thread.
final class Wire implements AutoCloseable {

    /// The connection is of no more use: it has ended, or what came isn't to be trusted any more.
    static final class Ended extends Exception {

        private static final long serialVersionUID = 1L;

        private final Finding.Kind kind;

        Ended(Finding.Kind kind, String what) {
            super(what, null, false, false);
            this.kind = kind;
        }

        Finding.Kind kind() {
            return kind;
        }
    }

    /// The head of an answer.
    ///
    /// @param contentLength −1 if there is none
    /// @param entityTag empty if there is none
    record Head(int status, long contentLength, boolean closes, String entityTag) {}

    private static final int HEAD_BYTES_MAX = 8 << 10;

    private final Socket socket = new Socket();
    private final Duration patience;
    private final byte[] buffer = new byte[32 << 10];
    private int from;
    private int to;
    private int readBytesMax = buffer.length;
    private String ending = "a FIN";

    /// @param receiveBufferBytes 0 for the system's default
    /// @param patience how long nothing may come
    Wire(int port, int receiveBufferBytes, Duration patience) throws IOException {
        this.patience = patience;
        boolean connected = false;
        try {
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    Math.toIntExact(patience.toMillis()));
            connected = true;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    void send(String text) throws Ended {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new Ended(Finding.Kind.CUT, "the server has closed before the request: " + e.getMessage());
        }
    }

    /// From now on at most so many bytes are taken from the socket at once.
    void readAtMost(int bytes) {
        readBytesMax = Math.min(bytes, buffer.length);
    }

    /// Reads up to the empty line.
    Head head() throws Ended {
        StringBuilder text = new StringBuilder();
        while (!endsHead(text)) {
            if (from == to && !fill()) {
                throw new Ended(
                        Finding.Kind.CUT, "the connection ends, by " + ending + ", within a head: '" + text + "'");
            }
            text.append((char) (buffer[from++] & 0xff));
            if (text.length() > HEAD_BYTES_MAX) {
                throw new Ended(Finding.Kind.WRONG, "a head without an end: '" + text.substring(0, 200) + "'");
            }
        }
        return parse(text.toString());
    }

    private static boolean endsHead(StringBuilder text) {
        int length = text.length();
        return length >= 4
                && text.charAt(length - 1) == '\n'
                && text.charAt(length - 2) == '\r'
                && text.charAt(length - 3) == '\n';
    }

    private static Head parse(String text) throws Ended {
        String[] lines = text.split("\r\n", -1);
        if (!lines[0].matches("HTTP/1\\.1 [1-5][0-9][0-9] .*")) {
            throw new Ended(Finding.Kind.WRONG, "no status line: '" + printable(lines[0]) + "'");
        }
        long contentLength = -1;
        boolean closes = false;
        String entityTag = "";
        for (int i = 1; i < lines.length - 2; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw new Ended(Finding.Kind.WRONG, "no field line: '" + printable(lines[i]) + "'");
            }
            String value = lines[i].substring(colon + 1).strip();
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> {
                    if (!value.matches("[0-9]{1,18}") || contentLength >= 0) {
                        throw new Ended(Finding.Kind.WRONG, "Content-Length: '" + printable(value) + "'");
                    }
                    contentLength = Long.parseLong(value);
                }
                case "etag" -> entityTag = value;
                case "connection" -> closes = value.equalsIgnoreCase("close");
                default -> {}
            }
        }
        return new Head(Integer.parseInt(lines[0].substring(9, 12)), contentLength, closes, entityTag);
    }

    private static String printable(String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
    }

    /// Waits until some bytes are there, and shows them.
    ///
    /// @return how many, at most `max`; 0 when the connection has ended
    int available(long max) throws Ended {
        if (from == to && !fill()) {
            return 0;
        }
        return (int) Math.min(max, to - from);
    }

    /// How the connection has ended, if it has.
    String ending() {
        return ending;
    }

    byte[] buffer() {
        return buffer;
    }

    /// Where the available bytes begin in the buffer.
    int from() {
        return from;
    }

    void take(int bytes) {
        from += bytes;
    }

    private boolean fill() throws Ended {
        from = 0;
        to = 0;
        try {
            InputStream in = socket.getInputStream();
            to = Math.max(0, in.read(buffer, 0, readBytesMax));
            return to > 0;
        } catch (SocketTimeoutException e) {
            throw new Ended(Finding.Kind.HANG, "nothing came for " + patience.toMillis() / 1e3 + " s");
        } catch (SocketException e) {
            ending = "a reset";
            return false;
        } catch (IOException e) {
            throw new Ended(Finding.Kind.CUT, "the connection fails: " + e);
        }
    }

    /// Ends it with a reset, socket(7), SO_LINGER.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
