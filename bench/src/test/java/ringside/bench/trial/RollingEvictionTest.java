package ringside.bench.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ringside.bench.result.Measured;
import ringside.linux.CpuAffinity;
import ringside.linux.FfmKernel;

class RollingEvictionTest {

    @Test
    void filesThatWereAskedForAreColdAgain(@TempDir Path root) throws IOException {
        String type = Files.getFileStore(root).type();
        assumeFalse(
                List.of("tmpfs", "ramfs", "overlay").contains(type),
                "the temporary directory is on " + type + ", which keeps its pages");
        FfmKernel kernel = new FfmKernel();
        try (Children children = new Children(new CpuAffinity(kernel))) {
            FileCacheState cache = new FileCacheState(kernel, children);
            FileSet files = FileSet.generate(root, "s", 300_000, 4, 1, () -> {});
            RollingEviction eviction = new RollingEviction(cache, files);
            for (int round = 0; round < 2; round++) {
                assertEquals(Measured.of(1), cache.warm(files));
                int evicted = 0;
                while (evicted < 4) { // a slow device may need several slices
                    evicted += eviction.slice();
                }
                assertEquals(Measured.of(0), cache.measure(files));
            }
        }
    }
}
