package ringside.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// One request and its answer over loopback, on one kept-alive connection: the whole per-request path of the server.
///
/// The time is a round trip between two threads and so mostly wake-ups: `ringside bench` is the place to compare
/// engines. What this is for is the allocation per request (`-prof gc`, all threads): it must not grow with the body.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class RequestBenchmark {

    private static final int RECEIVE_BYTES = 256 << 10;

    @Param({"memory", "blocking", "sendfile", "aio", "uring", "direct"})
    public String engine = "";

    @Param({"epoll"})
    public String transport = "";

    @Param({"1024", "16384", "1048576"})
    public int bodyBytes;

    private Connected connected = Connected.NONE;

    @Setup(Level.Trial)
    public void start() throws IOException {
        connected = Connected.to(engine, transport, bodyBytes);
        connected.request(); // learns the length of the head
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        connected.close();
    }

    /// @return bytes received, so that the work can't be optimised away
    @Benchmark
    public long request() throws IOException {
        return connected.request();
    }

    /// A server over a directory with one file, and a blocking client of it that allocates nothing per request.
    private record Connected(
            HttpServer server, SocketChannel client, ByteBuffer ask, ByteBuffer answer, Path directory) {

        @SuppressWarnings("NullAway") // before the set-up there is nothing, and nobody asks
        static final Connected NONE = null;

        private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] LENGTH = "Content-Length: ".getBytes(StandardCharsets.US_ASCII);

        static Connected to(String engine, String transport, int bodyBytes) throws IOException {
            Path directory = Files.createTempDirectory("ringside-micro");
            Files.write(directory.resolve("file"), new byte[bodyBytes]);
            HttpServer server = HttpServer.start(
                    ServerConfig.of(directory, ChosenEngine.parse(engine), Transport.byId(transport), new FfmKernel())
                            .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .withThreads(1));
            SocketChannel client = SocketChannel.open(server.address());
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            byte[] text = "GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            return new Connected(
                    server,
                    client,
                    ByteBuffer.allocateDirect(text.length).put(text).flip(),
                    ByteBuffer.allocateDirect(RECEIVE_BYTES),
                    directory);
        }

        long request() throws IOException {
            ask.rewind();
            while (ask.hasRemaining()) {
                client.write(ask);
            }
            answer.clear();
            int head = -1;
            while (head < 0) {
                receive();
                head = indexAfter(END_OF_HEAD, answer.position());
            }
            long expected = head + lengthInHead(head);
            long received = answer.position();
            while (received < expected) {
                answer.clear();
                receive();
                received += answer.position();
            }
            if (received != expected) {
                throw new IOException("expected " + expected + " bytes, got " + received);
            }
            return received;
        }

        private void receive() throws IOException {
            if (client.read(answer) < 0) {
                throw new IOException("the server has closed the connection");
            }
        }

        private long lengthInHead(int head) throws IOException {
            int at = indexAfter(LENGTH, head);
            if (at < 0) {
                throw new IOException("an answer without Content-Length");
            }
            long length = 0;
            for (byte digit = answer.get(at); digit >= '0' && digit <= '9'; digit = answer.get(++at)) {
                length = 10 * length + digit - '0';
            }
            return length;
        }

        private int indexAfter(byte[] pattern, int end) {
            for (int i = 0; i + pattern.length <= end; i++) {
                int matched = 0;
                while (matched < pattern.length && answer.get(i + matched) == pattern[matched]) {
                    matched++;
                }
                if (matched == pattern.length) {
                    return i + matched;
                }
            }
            return -1;
        }

        void close() throws IOException {
            client.close();
            server.close();
            Files.delete(directory.resolve("file"));
            Files.delete(directory);
        }
    }
}
