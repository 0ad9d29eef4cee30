package ringside.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.FfmKernel;

/// A server on a free port over a directory with known files, its time in the test's hands.
final class TestServer implements AutoCloseable {

    static final int BIG_BYTES = 8 << 20;
    static final byte[] BIG = randomBytes(BIG_BYTES);
    static final byte[] SMALL = "hello, world\n".getBytes(StandardCharsets.UTF_8);

    final ManualClock clock = new ManualClock();
    final Path root;
    final HttpServer server;

    TestServer(Transport transport, Path directory) {
        this(transport, directory, config -> config, channel -> {});
    }

    TestServer(Transport transport, Path directory, UnaryOperator<ServerConfig> change, Consumer<Channel> wiretap) {
        this(transport, directory, change, wiretap, OutputStream.nullOutputStream(), null);
    }

    /// @param route answers before the files do
    TestServer(Transport transport, Path directory, Route route) {
        this(transport, directory, config -> config, channel -> {}, OutputStream.nullOutputStream(), () -> route);
    }

    /// @param accessLines gets them
    TestServer(Transport transport, Path directory, OutputStream accessLines) {
        this(transport, directory, config -> config.withAccessLog(true), channel -> {}, accessLines, null);
    }

    private TestServer(
            Transport transport,
            Path directory,
            UnaryOperator<ServerConfig> change,
            Consumer<Channel> wiretap,
            OutputStream accessLines,
            @Nullable Supplier<Route> routes) {
        if (transport.probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, transport.id() + ": " + reason + ". " + remedy);
        }
        root = directory.resolve("root");
        try {
            if (!Files.exists(root)) {
                fill(directory, root);
            }
            ServerConfig config = ServerConfig.of(root, ChosenEngine.parse("blocking"), transport, new FfmKernel())
                    .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .withThreads(1);
            server = HttpServer.start(change.apply(config), clock, wiretap, accessLines, routes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Path directory, Path root) throws IOException {
        Files.createDirectories(root.resolve("sub/deep"));
        Files.writeString(directory.resolve("secret.txt"), "not for you");
        Files.write(root.resolve("small.txt"), SMALL);
        Files.write(root.resolve("big.bin"), BIG);
        Files.write(root.resolve("empty.txt"), new byte[0]);
        Files.writeString(root.resolve("index.html"), "<p>root index</p>");
        Files.writeString(root.resolve("sub/index.html"), "<p>sub index</p>");
        Files.writeString(root.resolve("sub/with space.txt"), "space");
        Files.writeString(root.resolve("100%.txt"), "percent");
        Files.writeString(root.resolve("ümlaut.txt"), "umlaut");
        Files.createSymbolicLink(root.resolve("inside"), Path.of("sub/with space.txt"));
        Files.createSymbolicLink(root.resolve("outside"), Path.of("../secret.txt"));
        Files.createSymbolicLink(root.resolve("absolute"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("outdir"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("magic"), Path.of("/proc/self/fd/0"));
    }

    RawClient client() throws IOException {
        return new RawClient(server.port());
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        server.close();
    }
}
