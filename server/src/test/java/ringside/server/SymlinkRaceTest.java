package ringside.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ringside.engines.Availability;
import ringside.engines.ChosenEngine;
import ringside.engines.Transport;
import ringside.linux.Errno;
import ringside.linux.FfmKernel;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// Names that are links out of the root one moment and files inside it the next, exchanged by a thread (renameat2(2)
/// `RENAME_EXCHANGE`) while requests are served: a check before the opening would be passed by the one and open the
/// other. Only `RESOLVE_BENEATH` of openat2(2) doesn't look twice.
///
/// Something else that is found by a path is another line in [#targets()] and what it needs in [#swapped].
class SymlinkRaceTest {

    private static final int ROUNDS = 60;
    private static final int ROUNDS_MAX = 100_000;
    private static final int RENAME_EXCHANGE = 2; // linux/fs.h

    @TempDir
    private Path directory = Path.of("");

    private final Kernel kernel = new FfmKernel();

    private record Swap(Path one, Path other) {}

    private static List<String> targets() {
        return List.of(
                "/file.txt", // the last component
                "/dir/file.txt", // a directory above it
                "/dir/deep/file.txt",
                "/dir/", // an index file below a directory that is exchanged
                "/dir", // the slash that is missing
                "/listed/", // an index file that is exchanged itself
                "/packed.txt", // a compressed form beside it
                "/through/file.txt"); // a link inside that is exchanged for one outside
    }

    /// Files and directories of the root, each with the link out of it that takes its name.
    private static List<Swap> swapped(EscapeTree tree) throws IOException {
        Path root = tree.root;
        Path aside = Files.createDirectory(root.resolve("aside"));
        Files.writeString(root.resolve("file.txt"), "inside");
        Files.createDirectories(root.resolve("dir/deep"));
        Files.createDirectories(root.resolve("listed"));
        Files.createDirectories(tree.outside.resolve("deep"));
        Files.writeString(tree.outside.resolve("deep/file.txt"), EscapeTree.CANARY);
        for (String name : List.of("dir/file.txt", "dir/deep/file.txt", "dir/index.html", "listed/index.html")) {
            Files.writeString(root.resolve(name), "inside");
        }
        Files.delete(root.resolve("packed.txt.gz"));
        Files.writeString(root.resolve("packed.txt.gz"), "inside");
        Files.createSymbolicLink(root.resolve("through"), Path.of("dir"));
        List<Swap> swaps = new ArrayList<>();
        swaps.add(swap(root.resolve("file.txt"), aside.resolve("1"), tree.outside.resolve("file.txt")));
        swaps.add(swap(root.resolve("dir"), aside.resolve("2"), tree.outside));
        swaps.add(swap(root.resolve("listed/index.html"), aside.resolve("3"), tree.outside.resolve("index.html")));
        swaps.add(swap(root.resolve("packed.txt.gz"), aside.resolve("4"), tree.outside.resolve("packed.txt.gz")));
        swaps.add(swap(root.resolve("through"), aside.resolve("5"), tree.outside));
        return swaps;
    }

    private static Swap swap(Path inside, Path link, Path target) throws IOException {
        return new Swap(inside, Files.createSymbolicLink(link, target));
    }

    @ParameterizedTest
    @EnumSource
    void theCanaryIsNeverSent(Transport transport) throws Exception {
        if (transport.probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            assumeTrue(false, transport.id() + ": " + reason + ". " + remedy);
        }
        EscapeTree tree = EscapeTree.create(directory);
        List<Swap> swaps = swapped(tree);
        ManualClock clock = new ManualClock();
        ServerConfig config = ServerConfig.of(tree.root, ChosenEngine.parse("blocking"), transport, kernel)
                .withBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withThreads(1);
        AtomicBoolean stop = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().daemon().start(() -> exchangeUntil(stop, swaps));
        int sent = 0;
        int refused = 0;
        boolean exposed = false;
        try (HttpServer server = HttpServer.start(config, clock, channel -> {}, OutputStream.nullOutputStream());
                RawClient client = new RawClient(server.port())) {
            for (int round = 0; round < ROUNDS || !exposed || sent == 0 || refused == 0; round++) {
                for (String target : targets()) {
                    // What was found a second ago is looked at again.
                    clock.advance(1);
                    Response response = client.send(
                                    "GET " + target + " HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n")
                            .read();
                    assertTrue(!response.text().contains(EscapeTree.CANARY), () -> "the canary was sent for " + target);
                    sent += response.status() == 200 ? 1 : 0;
                    refused += response.status() == 404 ? 1 : 0;
                }
                // Who opens without care does get it: the race is one.
                exposed |= Files.readString(tree.root.resolve("file.txt")).equals(EscapeTree.CANARY);
                assertTrue(swapper.isAlive(), "the exchanging has ended");
                assertTrue(round < ROUNDS_MAX, "no race came up: sent " + sent + ", refused " + refused);
            }
            assertEquals(0, server.counters().defects());
        } finally {
            stop.set(true);
            swapper.join();
        }
    }

    private void exchangeUntil(AtomicBoolean stop, List<Swap> swaps) {
        try (Arena arena = Arena.ofConfined()) {
            long[][] addresses = new long[swaps.size()][];
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = new long[] {
                    arena.allocateFrom(swaps.get(i).one().toString()).address(),
                    arena.allocateFrom(swaps.get(i).other().toString()).address()
                };
            }
            while (!stop.get()) {
                for (long[] pair : addresses) {
                    long result = kernel.call(
                            Syscall.RENAMEAT2,
                            OpenFiles.AT_FDCWD,
                            pair[0],
                            OpenFiles.AT_FDCWD,
                            pair[1],
                            RENAME_EXCHANGE);
                    // ENOENT: the directory in between is the link now.
                    if (result != -Errno.ENOENT && result != -Errno.EXDEV) {
                        KernelException.check(Syscall.RENAMEAT2, "an exchange", result);
                    }
                }
            }
        }
    }
}
