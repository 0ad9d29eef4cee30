package ringside.bench.micro;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;
import ringside.server.HttpServer;
import ringside.server.ServerConfig;

/// A server with one event loop, whose thread is known, and connections to it. One thread uses it.
final class ServedForBenchmark implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final HttpServer server;
    private final long loopThread;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(64 << 10);

    private ServedForBenchmark(HttpServer server, long loopThread) {
        this.server = server;
        this.loopThread = loopThread;
    }

    static ServedForBenchmark start(Path content, String engine, String transport) throws IOException {
        Set<Long> before = loops();
        HttpServer server = HttpServer.start(
                ServerConfig.of(content, ChosenEngine.parse(engine), Transport.byId(transport), new FfmKernel())
                        .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withThreads(1));
        Set<Long> after = loops();
        after.removeAll(before);
        if (after.size() != 1) {
            server.close();
            throw new IllegalStateException(after.size() + " event loops have been started, not one");
        }
        ServedForBenchmark served =
                new ServedForBenchmark(server, after.iterator().next());
        for (int i = 0; i < CONNECTIONS; i++) {
            SocketChannel client = SocketChannel.open(server.address());
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            served.clients.add(client);
        }
        served.awaitStrongTag();
        return served;
    }

    /// A file that was written just now has a weak tag, and longer heads with it.
    private void awaitStrongTag() throws IOException {
        while (entityTag().startsWith("W/")) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static Set<Long> loops() {
        Set<Long> ids = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("ringside-loop")) {
                ids.add(thread.threadId());
            }
        }
        return ids;
    }

    /// @param fields of the request beside `Host`, with CR LF
    AnswerSubject subject(String name, String fields) throws IOException {
        return new AnswerSubject(name, this, request(fields), text(fields).length());
    }

    String entityTag() throws IOException {
        return field("ETag");
    }

    String lastModified() throws IOException {
        return field("Last-Modified");
    }

    private String field(String name) throws IOException {
        Matcher matcher = Pattern.compile("\r\n" + name + ": ([^\r]*)").matcher(text(""));
        if (!matcher.find()) {
            throw new IOException("an answer without " + name);
        }
        return matcher.group(1);
    }

    private static ByteBuffer request(String fields) {
        byte[] text =
                ("GET /file.bin HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(text.length).put(text).flip();
    }

    /// An answer, an octet a character.
    private String text(String fields) throws IOException {
        SocketChannel client = clients.getFirst();
        client.write(request(fields));
        StringBuilder text = new StringBuilder();
        int expected = Integer.MAX_VALUE;
        while (text.length() < expected) {
            answer.clear();
            if (client.read(answer) < 0) {
                throw new IOException("the server has closed the connection");
            }
            text.append(StandardCharsets.ISO_8859_1.decode(answer.flip()));
            int head = text.indexOf("\r\n\r\n");
            Matcher length = Pattern.compile("Content-Length: ([0-9]+)").matcher(text);
            if (head >= 0) {
                expected = head + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0);
            }
        }
        return text.toString();
    }

    /// Sends a request on each connection, then reads all answers.
    void sweep(ByteBuffer request, int answerBytes) throws IOException {
        for (SocketChannel client : clients) {
            request.rewind();
            while (request.hasRemaining()) {
                client.write(request);
            }
        }
        for (SocketChannel client : clients) {
            int received = 0;
            while (received < answerBytes) {
                answer.clear();
                int read = client.read(answer);
                if (read < 0) {
                    throw new IOException("the server has closed the connection");
                }
                received += read;
            }
            if (received != answerBytes) {
                throw new IOException("expected " + answerBytes + " bytes, got " + received);
            }
        }
    }

    int connections() {
        return CONNECTIONS;
    }

    /// Of the event loop, since it began.
    long cpuNanos() {
        return THREADS.getThreadCpuTime(loopThread);
    }

    /// Of the event loop, since it began.
    long allocatedBytes() {
        return THREADS.getThreadAllocatedBytes(loopThread);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        server.close();
    }
}
