package ringside.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A root with all around it that must never be sent: files of the same content, the canary, above it, beside it,
/// and behind every kind of link out of it.
final class EscapeTree {

    /// The name of the files that must not be reached.
    static final String CANARY_NAME = "canary.txt";

    /// What is in them.
    static final String CANARY = "tweet tweet, nobody may hear this";

    /// Has the root in it, and a neighbour.
    final Path hosts;

    final Path root;
    final Path outside;

    private EscapeTree(Path hosts, Path root, Path outside) {
        this.hosts = hosts;
        this.root = root;
        this.outside = outside;
    }

    /// @param directory to make it in
    static EscapeTree create(Path directory) throws IOException {
        Path parent = Files.createDirectories(directory.resolve("a/b/hosts"));
        Path root = Files.createDirectories(parent.resolve("root"));
        for (String above : new String[] {".", "a", "a/b", "a/b/hosts"}) {
            Files.writeString(directory.resolve(above).resolve(CANARY_NAME), CANARY);
        }
        Path outside = Files.createDirectory(directory.resolve("outside"));
        for (String name : new String[] {CANARY_NAME, "index.html", "file.txt", "packed.txt.gz"}) {
            Files.writeString(outside.resolve(name), CANARY);
        }
        Path neighbour = Files.createDirectory(parent.resolve("neighbour"));
        Files.writeString(neighbour.resolve(CANARY_NAME), CANARY);
        EscapeTree tree = new EscapeTree(parent, root, outside);
        tree.fill();
        return tree;
    }

    private void fill() throws IOException {
        Files.createDirectories(root.resolve("sub/deep"));
        Files.createDirectories(root.resolve("indexed"));
        Files.createDirectories(root.resolve("hard"));
        Files.writeString(root.resolve("index.html"), "<p>index");
        Files.writeString(root.resolve("small.txt"), "small");
        Files.writeString(root.resolve("packed.txt"), "packed");
        Files.writeString(root.resolve("sub/index.html"), "<p>sub");
        Path canary = outside.resolve(CANARY_NAME);
        link("outside", Path.of("../" + CANARY_NAME));
        link("absolute", canary);
        link("outdir", Path.of(".."));
        link("absdir", outside);
        link("loop", Path.of("loop"));
        link("chain", Path.of("outside"));
        link("sub/up", Path.of("../.."));
        link("inside", Path.of("sub"));
        link("magic", Path.of("/proc/self/cwd"));
        link("self", Path.of("."));
        link("error", canary);
        link("indexed/index.html", canary);
        for (String suffix : new String[] {"gz", "br", "zst"}) {
            link("packed.txt." + suffix, outside.resolve("packed.txt.gz"));
        }
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), target);
    }
}
