package ringside.bench.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory of files whose every byte is known, in sizes at which engines go wrong: none, one byte, around a
/// page, around a chunk, more than a window.
///
/// @param root served; nothing else is in it. Deleted by [#close()]
/// @param files that don't change
/// @param changing that a [Mutator] changes; empty if none does
record KnownTree(Path root, List<KnownFile> files, List<KnownFile> changing) implements AutoCloseable {

    private static final int PAGE_BYTES = 4096;
    private static final int[] SIZES_BYTES = {
        0,
        1,
        PAGE_BYTES - 1,
        PAGE_BYTES,
        PAGE_BYTES + 1,
        (64 << 10) - 1,
        64 << 10,
        (64 << 10) + 1,
        (256 << 10) + 511,
        (1 << 20) + 1,
        (3 << 20) + 12_345
    };
    private static final int CHANGING_FILES = 6;

    KnownTree {
        files = List.copyOf(files);
        changing = List.copyOf(changing);
    }

    /// Writes the tree below `parent`.
    static KnownTree write(Path parent, long seed, boolean mutate) throws IOException {
        Path root = Files.createTempDirectory(parent, "ringside-verify-");
        List<KnownFile> files = new ArrayList<>();
        List<KnownFile> changing = new ArrayList<>();
        Files.createDirectory(root.resolve("d"));
        for (int size : SIZES_BYTES) {
            // A part in a directory, so that a path has more than one segment.
            String path = (files.size() % 3 == 2 ? "/d/" : "/") + "f" + size + ".bin";
            files.add(new KnownFile(root, path, size, seed, false));
        }
        for (int i = 0; mutate && i < CHANGING_FILES; i++) {
            changing.add(new KnownFile(root, "/changing" + i + ".bin", Mutator.lengthBytes(i, 0), seed, true));
        }
        return new KnownTree(root, files, changing);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
