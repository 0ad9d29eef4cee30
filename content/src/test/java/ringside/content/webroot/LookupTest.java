package ringside.content.webroot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Look-ups against a map of the JDK: many paths, short and long, alike and not, there and absent.
class LookupTest {

    @TempDir
    private Path directory = Path.of("");

    /// Sizes at which tables of one, two and many buckets are full, and not.
    private static final int[] SIZES = {0, 1, 9, 10, 11, 12, 20, 21, 100, 5_000, 60_000};

    @Test
    void findsWhatIsThereAndNothingElse() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int size : SIZES) {
            Map<String, String> paths = new TreeMap<>();
            while (paths.size() < size) {
                paths.put(path(random), "/to/" + paths.size());
            }
            Path file = directory.resolve("w" + size);
            try (WebrootWriter writer = WebrootWriter.create(Trees.KERNEL, file)) {
                paths.forEach((path, location) -> {
                    byte[] octets = octets(path);
                    writer.redirect(octets, octets.length, 302, location);
                });
                writer.finish();
            }
            WebrootCheck.Report report = WebrootCheck.run(Trees.KERNEL, file, WebrootCheck.Observer.NONE);
            assertTrue(report.isSound(), report::toString);
            try (Webroot webroot = Webroot.open(Trees.KERNEL, file)) {
                assertEquals(size, webroot.resourceCount());
                paths.forEach((path, location) ->
                        assertEquals(new WebrootEntry.Redirect(302, location), webroot.lookup(path), path));
                for (int i = 0; i < 200_000; i++) {
                    String other = path(random);
                    byte[] octets = octets("??" + other + "?");
                    boolean found = webroot.find(octets, 2, octets.length - 1) >= 0;
                    assertEquals(paths.containsKey(other), found, () -> "seed " + seed + ": " + other);
                }
                List<String> visited = new ArrayList<>();
                webroot.visit((path, entry) -> visited.add(new String(path, StandardCharsets.UTF_8)));
                assertEquals(List.copyOf(paths.keySet()), visited);
            }
        }
    }

    @Test
    void twoResourcesCanNotHaveOnePath() {
        try (WebrootWriter writer = WebrootWriter.create(Trees.KERNEL, directory.resolve("w"))) {
            byte[] path = octets("/a/b");
            writer.redirect(path, path.length, 302, "/1");
            writer.redirect(path, path.length, 302, "/2");
            BuildException e = assertThrows(BuildException.class, writer::finish);
            assertTrue(e.toString().contains("/a/b"), e::toString);
        }
    }

    private static byte[] octets(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    private static String path(SplittableRandom random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(4); depth >= 0; depth--) {
            path.append('/');
            for (int length = random.nextInt(random.nextInt(10) == 0 ? 60 : 7); length > 0; length--) {
                path.append((char) ('a' + random.nextInt(random.nextBoolean() ? 2 : 26)));
            }
        }
        return path.toString().replaceAll("//+", "/");
    }
}
