package ringside.bench.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import ringside.content.webroot.WebrootBuild;
import ringside.linux.FfmKernel;

/// Packing a tree into a webroot, against what does the same work without knowing it: tar(1) for the copy and
/// sha256sum(1) for the digests. Both end with the file on the device. The tree is in the page cache.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
public class PackBenchmark {

    private static final int SMALL_FILES = 20_000;
    private static final int SMALL_BYTES_MAX = 16 << 10;
    private static final int LARGE_BYTES = 256 << 20;
    private static final int FILES_PER_DIRECTORY = 200;

    @Param({"mkroot", "tar"})
    public String tool = "";

    @Param({"small-files", "large-file"})
    public String tree = "";

    private Path directory = Path.of("");
    private Path root = Path.of("");
    private Path output = Path.of("");

    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".ringside-pack");
        root = Files.createDirectory(directory.resolve("tree"));
        output = directory.resolve("packed");
        Random bytes = new Random(1);
        if (tree.equals("large-file")) {
            byte[] content = new byte[LARGE_BYTES];
            bytes.nextBytes(content);
            Files.write(root.resolve("large.bin"), content);
            return;
        }
        SplittableRandom lengths = new SplittableRandom(1);
        for (int i = 0; i < SMALL_FILES; i++) {
            byte[] content = new byte[lengths.nextInt(SMALL_BYTES_MAX)];
            bytes.nextBytes(content);
            Path section = root.resolve("section-" + i / FILES_PER_DIRECTORY);
            Files.createDirectories(section);
            Files.write(section.resolve("page-" + i + ".html"), content);
        }
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /// @return the length of what was packed
    @Benchmark
    public long pack() throws IOException, InterruptedException {
        if (tool.equals("mkroot")) {
            BuildPlan plan = BuildPlan.builder(root, output).build();
            return new WebrootBuild(new FfmKernel(), plan, BuildObserver.NONE)
                    .run()
                    .fileBytes();
        }
        String script = "set -e; tar -cf packed.new tree; find tree -type f -print0 | xargs -0 sha256sum > sums;"
                + " sync packed.new; mv packed.new packed";
        Process shell = new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        if (shell.waitFor() != 0) {
            throw new IOException("tar or sha256sum failed: are they installed?");
        }
        return Files.size(output);
    }
}
