package ringside.bench.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.Webroot;
import ringside.content.webroot.WebrootBuild;
import ringside.content.webroot.WebrootEntry;
import ringside.linux.Kernel;

/// A virtual host whose webroot is replaced again and again, each by files of other contents under the same names. Any
/// thread asks; one replaces.
final class ReplacedSite implements AutoCloseable {

    static final String HOST = "site.example";

    /// What an entity tag names.
    ///
    /// @param version of the webroot, from 0
    record Stored(int version, String urlPath, KnownBytes bytes, long lengthBytes) {}

    private static final int[] LENGTHS_BYTES = {700, 4096, 16 << 10, 100_001, (1 << 20) + 1};

    private final Kernel kernel;
    private final long seed;
    private final Path directory;
    private final Path hosts;
    private final List<String> urlPaths = new ArrayList<>();
    private final Map<String, Stored> stored = new ConcurrentHashMap<>();

    private ReplacedSite(Kernel kernel, long seed, Path directory, Path hosts) {
        this.kernel = kernel;
        this.seed = seed;
        this.directory = directory;
        this.hosts = hosts;
        for (int length : LENGTHS_BYTES) {
            urlPaths.add("/f" + length + ".bin");
        }
    }

    /// Makes one below `parent`, with version 0 in its place.
    static ReplacedSite make(Kernel kernel, Path parent, long seed) throws IOException {
        Path directory = Files.createTempDirectory(parent, "ringside-verify-");
        Path hosts = Files.createDirectory(directory.resolve("hosts"));
        ReplacedSite site = new ReplacedSite(kernel, seed, directory, hosts);
        site.replace(0);
        return site;
    }

    /// What the server serves: the directory that names hosts.
    Path hosts() {
        return hosts;
    }

    Path directory() {
        return directory;
    }

    List<String> urlPaths() {
        return urlPaths;
    }

    /// @return null if no version has this tag
    @Nullable
    Stored ofTag(String entityTag) {
        return stored.get(entityTag);
    }

    /// Builds a version and puts it in the place of the one before: by rename(2), or, in turns, as a symbolic link
    /// that is replaced by rename(2).
    void replace(int version) throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < LENGTHS_BYTES.length; i++) {
            byte[] content = new byte[LENGTHS_BYTES[i]];
            KnownBytes.of(seed, urlPaths.get(i), version).fill(content, content.length, 0);
            Files.write(tree.resolve(urlPaths.get(i).substring(1)), content);
        }
        Path webroot = directory.resolve("v" + version);
        new WebrootBuild(kernel, BuildPlan.builder(tree, webroot).build(), BuildObserver.NONE).run();
        delete(tree);
        register(webroot, version);
        Path entry = hosts.resolve(HOST);
        if (version % 2 == 0) {
            Files.move(webroot, entry, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Path link = Files.createSymbolicLink(directory.resolve("link"), webroot);
            Files.move(link, entry, StandardCopyOption.ATOMIC_MOVE);
        }
        // The one before the last: nobody comes to it by name any more.
        Files.deleteIfExists(directory.resolve("v" + (version - 2)));
    }

    private void register(Path webroot, int version) {
        try (Webroot packed = Webroot.open(kernel, webroot)) {
            for (int i = 0; i < LENGTHS_BYTES.length; i++) {
                String urlPath = urlPaths.get(i);
                if (!(packed.lookup(urlPath) instanceof WebrootEntry.File file)) {
                    throw new IllegalStateException(webroot + " lacks " + urlPath);
                }
                KnownBytes bytes = KnownBytes.of(seed, urlPath, version);
                stored.put(file.body().entityTag(), new Stored(version, urlPath, bytes, LENGTHS_BYTES[i]));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }
}
