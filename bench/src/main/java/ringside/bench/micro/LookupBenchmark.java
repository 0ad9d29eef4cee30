package ringside.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
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
import ringside.content.webroot.BuildObserver;
import ringside.content.webroot.BuildPlan;
import ringside.content.webroot.RedirectRule;
import ringside.content.webroot.Webroot;
import ringside.content.webroot.WebrootBuild;
import ringside.linux.FfmKernel;

/// Finding a path among many: the webroot's table of buckets in a mapped file, against a hash table of the
/// JDK, a compact trie and front-coded sorted blocks. What is printed as bytes per path is what each needs to
/// find and verify one, values included; the webroot's has 20 bytes of it that say more than the others can
/// (time, media type, status).
///
/// The paths that are looked up are drawn at random, so that with a million of them the caches miss, as they
/// would in a server with as many.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g"})
public class LookupBenchmark {

    private static final int ASKED = 1 << 18;
    private static final long REFERENCE_BYTES = 4;

    @Param({"webroot", "hashmap", "trie", "frontcoded"})
    public String structure = "";

    @Param({"10000", "1000000"})
    public int paths;

    /// Whether what is asked for is there.
    @Param({"true", "false"})
    public boolean present;

    private byte[][] asked = {};
    private int next;
    private ToIntFunction<byte[]> lookup = path -> -1;
    private long bytes;
    private AutoCloseable opened = () -> {};

    @Setup(Level.Trial)
    public void build() throws IOException {
        byte[][] sorted = SitePaths.sorted(paths);
        SplittableRandom random = new SplittableRandom(7);
        asked = new byte[ASKED][];
        for (int i = 0; i < ASKED; i++) {
            byte[] path = sorted[random.nextInt(sorted.length)].clone();
            if (!present) {
                path[path.length - 1] ^= 0x40; // no path has such a byte at its end
            }
            asked[i] = path;
        }
        switch (structure) {
            case "webroot" -> openWebroot(sorted);
            case "hashmap" -> fillMap(sorted);
            case "trie" -> {
                PathTrie trie = new PathTrie(sorted);
                lookup = trie::find;
                bytes = trie.bytes();
            }
            case "frontcoded" -> {
                FrontCodedPaths blocks = new FrontCodedPaths(sorted);
                lookup = blocks::find;
                bytes = blocks.bytes();
            }
            default -> throw new IllegalArgumentException(structure);
        }
        System.out.printf(Locale.ROOT, "# %s: %.1f bytes per path%n", structure, (double) bytes / paths);
        for (byte[] path : asked) {
            if ((lookup.applyAsInt(path) >= 0) != present) {
                throw new IllegalStateException(new String(path, StandardCharsets.US_ASCII) + " in " + structure);
            }
        }
    }

    private void openWebroot(byte[][] sorted) throws IOException {
        Path directory = Files.createTempDirectory("ringside-lookup");
        Path file = directory.resolve("webroot");
        try {
            BuildPlan.Builder plan = BuildPlan.builder(Files.createDirectory(directory.resolve("empty")), file);
            for (byte[] path : sorted) {
                plan.redirect(new RedirectRule(new String(path, StandardCharsets.US_ASCII), "/", 301));
            }
            new WebrootBuild(new FfmKernel(), plan.build(), BuildObserver.NONE).run();
            Webroot webroot = Webroot.open(new FfmKernel(), file);
            lookup = path -> (int) (webroot.find(path, 0, path.length) >> 3);
            bytes = webroot.indexBytes();
            opened = webroot;
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory.resolve("empty"));
            Files.delete(directory);
        }
    }

    /// A key of the JDK's table: an array has no hash of its content.
    private static final class Key {
        private final byte[] path;
        private final int hash;

        Key(byte[] path) {
            this.path = path;
            this.hash = Arrays.hashCode(path);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(path, key.path);
        }
    }

    private void fillMap(byte[][] sorted) {
        Map<Key, Integer> map = new HashMap<>();
        long arrays = 0;
        for (int i = 0; i < sorted.length; i++) {
            map.put(new Key(sorted[i]), i);
            arrays += 16 + (sorted[i].length + 7) / 8 * 8;
        }
        lookup = path -> map.getOrDefault(new Key(path), -1);
        // With compressed references: the table, a node (32), a key (24), its array, a value (16).
        long table = Integer.highestOneBit(Math.max(16, sorted.length * 4 / 3) - 1) * 2L;
        bytes = REFERENCE_BYTES * table + (32L + 24 + 16) * sorted.length + arrays;
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        opened.close();
    }

    @Benchmark
    public int find() {
        next = (next + 1) & (ASKED - 1);
        return lookup.applyAsInt(asked[next]);
    }
}
