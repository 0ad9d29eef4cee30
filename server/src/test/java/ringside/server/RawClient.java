package ringside.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A client that sends octets and reads strictly what RFC 9112 allows a server to answer.
final class RawClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port) throws IOException {
        this(port, 0);
    }

    /// @param receiveBufferBytes 0 = the system's choice
    RawClient(int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
    }

    Socket socket() {
        return socket;
    }

    RawClient send(String octets) throws IOException {
        return send(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        return this;
    }

    Response get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n").read();
    }

    Response read() throws IOException {
        return read(true);
    }

    /// @param hasBody false for the answer to a HEAD, and for a 304
    Response read(boolean hasBody) throws IOException {
        String statusLine = line();
        if (!statusLine.matches("HTTP/1\\.1 [1-5][0-9][0-9] [ -~]*")) {
            throw new AssertionError("no status line: '" + statusLine + "'");
        }
        Map<String, String> fields = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new AssertionError("no field line: '" + line + "'");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (fields.put(name, line.substring(colon + 1).strip()) != null) {
                throw new AssertionError("field twice: " + name);
            }
        }
        byte[] body = hasBody ? body(fields) : new byte[0];
        return new Response(Integer.parseInt(statusLine.substring(9, 12)), fields, body);
    }

    /// Reads an answer whose body may end early, with the connection.
    ///
    /// @param body gets what comes
    /// @return false for an error
    boolean readPrefix(ByteArrayOutputStream body) throws IOException {
        try {
            int status = Integer.parseInt(line().substring(9, 12));
            long left = 0;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.startsWith("Content-Length: ")) {
                    left = Long.parseLong(line.substring(16));
                }
            }
            byte[] buffer = new byte[64 << 10];
            while (left > 0) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    break;
                }
                body.write(buffer, 0, count);
                left -= count;
            }
            return status < 400;
        } catch (SocketException | EOFException e) {
            return true; // a reset, or the end within the head
        }
    }

    /// RFC 9112 §6.3.
    private byte[] body(Map<String, String> fields) throws IOException {
        String length = fields.get("content-length");
        if (fields.containsKey("transfer-encoding")) {
            if (length != null || !"chunked".equals(fields.get("transfer-encoding"))) {
                throw new AssertionError("a framing that nobody understands: " + fields);
            }
            return chunks();
        }
        if (length != null) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            if (body.length < Integer.parseInt(length)) {
                throw new EOFException("the body ends after " + body.length + " of " + length + " bytes");
            }
            return body;
        }
        if (!"close".equals(fields.get("connection"))) {
            throw new AssertionError("nothing says where the body ends: " + fields);
        }
        return in.readAllBytes();
    }

    /// RFC 9112 §7.1, without extensions and trailers: this server sends none.
    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line();
            if (!size.matches("[0-9a-f]{1,8}")) {
                throw new AssertionError("no chunk size: '" + size + "'");
            }
            int bytes = Integer.parseInt(size, 16);
            byte[] chunk = in.readNBytes(bytes);
            if (chunk.length < bytes) {
                throw new EOFException("a chunk ends after " + chunk.length + " of " + bytes + " bytes");
            }
            body.writeBytes(chunk);
            String end = line();
            if (!end.isEmpty()) {
                throw new AssertionError("after a chunk: '" + end + "'");
            }
            if (bytes == 0) {
                return body.toByteArray();
            }
        }
    }

    /// Waits for the answer to begin, and leaves it to be read.
    void awaitFirstOctet() throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            throw new EOFException("the connection ends before the answer");
        }
        in.reset();
    }

    /// Whether the server has closed the connection: waits for it.
    boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("the connection ends in a line: '" + line + "'");
            }
            if (octet == '\r') {
                if (in.read() != '\n') {
                    throw new AssertionError("a bare CR after '" + line + "'");
                }
                return line.toString(StandardCharsets.ISO_8859_1);
            }
            if (octet < ' ' || octet > '~') {
                throw new AssertionError("octet " + octet + " after '" + line + "'");
            }
            line.write(octet);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
