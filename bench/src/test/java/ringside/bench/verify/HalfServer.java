package ringside.bench.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;

/// A server that stops in the middle of each body and keeps the connection.
final class HalfServer implements ServerUnderTest {

    private final Path root;
    private final ServerSocket listening;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    private HalfServer(Path root) throws IOException {
        this.root = root;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /// A [ServerUnderTest.Starter], whatever the engine.
    static ServerUnderTest start(ChosenEngine engine, Transport transport, Path root) throws IOException {
        HalfServer server = new HalfServer(root);
        Thread.ofPlatform().daemon().start(server::accept);
        return server;
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                connections.add(connection);
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("GET ") || line.startsWith("HEAD ")) {
                    boolean headOnly = line.startsWith("HEAD ");
                    if (!answer(connection, headOnly, root.resolve(line.split(" ", -1)[1].substring(1)))) {
                        connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                        return;
                    }
                }
            }
        } catch (IOException e) {
            return; // the client has gone
        }
    }

    /// @return whether the answer is whole
    private static boolean answer(Socket connection, boolean headOnly, Path file) throws IOException {
        boolean exists = Files.exists(file);
        byte[] body = exists ? Files.readAllBytes(file) : new byte[0];
        String head =
                "HTTP/1.1 " + (exists ? "200 OK" : "404 Not Found") + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        if (headOnly || body.length == 0) {
            return true;
        }
        connection.getOutputStream().write(Arrays.copyOf(body, body.length / 2));
        return false;
    }

    @Override
    public int port() {
        return listening.getLocalPort();
    }

    @Override
    public int drain(Duration timeout) {
        try {
            listening.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            return 1;
        }
        return 0;
    }

    @Override
    public long defects() {
        return 0;
    }
}
