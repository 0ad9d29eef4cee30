package ringside.loadtest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A server on loopback that answers what the test says, right or wrong: a thread per connection.
final class ScriptedServer implements AutoCloseable {

    /// Answers one request.
    interface Script {
        /// @param path as asked
        /// @param number of the request since the server started, from 0; the generator's preflight comes first
        /// @return whether to keep the connection
        boolean answer(String path, long number, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicLong requests = new AtomicLong();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /// Always the same body, kept alive.
    static ScriptedServer of(byte[] body) throws IOException {
        return new ScriptedServer((path, number, out) -> {
            respond(out, 200, "", body);
            return true;
        });
    }

    static void respond(OutputStream out, int status, String fields, byte[] body) throws IOException {
        raw(out, "HTTP/1.1 " + status + " Whatever\r\n" + fields + "Content-Length: " + body.length + "\r\n\r\n", body);
    }

    static void raw(OutputStream out, String head, byte[] body) throws IOException {
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        out.write(all);
    }

    String url(String path) {
        return "http://127.0.0.1:" + listener.getLocalPort() + path;
    }

    long requests() {
        return requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String head = readHead(in);
                if (head.isEmpty()) {
                    return;
                }
                String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/1.1"));
                if (!script.answer(path, requests.getAndIncrement(), socket.getOutputStream())) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The peer went, or the test is over.
        } finally {
            sockets.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return "";
            }
            head.append((char) b);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
