package ringside.bench.explain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import ringside.bench.trial.FileSet;

/// A client with one keep-alive connection that asks for files, one after the other, and checks each answer. One
/// thread.
final class OneConnection implements AutoCloseable {

    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final int CHUNK_BYTES = 1 << 20;

    private final SocketChannel channel;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    private OneConnection(SocketChannel channel) {
        this.channel = channel;
    }

    static OneConnection open(int port) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new OneConnection(channel);
    }

    int localPort() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /// Asks for a file and takes the whole answer.
    ///
    /// @return the length of the answer's head
    /// @throws IOException when the server closes, or answers anything but the file
    int ask(FileSet.Entry file) throws IOException {
        ByteBuffer request =
                StandardCharsets.US_ASCII.encode("GET " + file.urlPath() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        while (request.hasRemaining()) {
            channel.write(request);
        }
        chunk.clear();
        int headBytes = -1;
        while (headBytes < 0) {
            receive();
            headBytes = headBytes(chunk);
        }
        requireHead(headBytes, file);
        CRC32C crc = new CRC32C();
        long bodyBytes = (long) chunk.position() - headBytes;
        crc.update(chunk.duplicate().flip().position(headBytes));
        while (bodyBytes < file.sizeBytes()) {
            chunk.clear();
            bodyBytes += receive();
            crc.update(chunk.duplicate().flip());
        }
        if (bodyBytes != file.sizeBytes() || crc.getValue() != file.crc32c()) {
            throw new IOException("the server sent other bytes than the file's: run ./ringside verify");
        }
        return headBytes;
    }

    private int receive() throws IOException {
        int received = channel.read(chunk);
        if (received < 0) {
            throw new IOException("the server closed the connection within an answer");
        }
        return received;
    }

    private void requireHead(int headBytes, FileSet.Entry file) throws IOException {
        byte[] bytes = new byte[headBytes];
        chunk.duplicate().flip().get(bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        if (!head.startsWith("http/1.1 200 ") || !head.contains("\r\ncontent-length: " + file.sizeBytes() + "\r\n")) {
            throw new IOException("the server's answer isn't the file: "
                    + head.lines().findFirst().orElse(""));
        }
    }

    /// @return the length of the head with the empty line at its end; -1 when that hasn't come yet
    private static int headBytes(ByteBuffer received) throws IOException {
        for (int i = 3; i < received.position(); i++) {
            if (received.get(i) == '\n'
                    && received.get(i - 1) == '\r'
                    && received.get(i - 2) == '\n'
                    && received.get(i - 3) == '\r') {
                return i + 1;
            }
        }
        if (received.position() > HEAD_BYTES_MAX) {
            throw new IOException("the server's answer has no head of HTTP");
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
