package ringside.bench.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import ringside.bench.guard.Guard;
import ringside.bench.peer.Peers;
import ringside.bench.result.Surroundings;
import ringside.linux.CpuAffinity;
import ringside.linux.CpuSet;
import ringside.linux.IoUring;
import ringside.linux.IoUringSupport;
import ringside.linux.Kernel;
import ringside.linux.Mount;
import ringside.linux.PseudoFiles;
import ringside.linux.Reading;

/// The machine itself. Used by one thread.
final class MachineReadings implements Readings {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Kernel kernel;
    private final PseudoFiles files;
    private final Path results;
    private Surroundings.@Nullable Span second;

    MachineReadings(Kernel kernel, Path results) {
        this.kernel = kernel;
        this.files = new PseudoFiles(kernel);
        this.results = nearest(results.toAbsolutePath());
    }

    private static Path nearest(Path path) {
        Path there = path;
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    @Override
    public Reading<String> text(String path) {
        return files.read(path).map(String::strip);
    }

    @Override
    public List<String> names(String directory) {
        String[] names = new File(directory).list();
        return names == null ? List.of() : Arrays.stream(names).sorted().toList();
    }

    @Override
    public Optional<Path> program(String name) {
        return Peers.find(name);
    }

    @Override
    public String property(String name) {
        return System.getProperty(name, "");
    }

    @Override
    public CpuSet usableCpus() {
        return new CpuAffinity(kernel).get();
    }

    @Override
    public IoUringSupport ring() {
        return IoUring.probe(kernel);
    }

    @Override
    public Reading<Mount> resultsMount() {
        return Mount.of(kernel, results.toString());
    }

    @Override
    public Reading<Long> resultsFreeBytes() {
        try {
            return new Reading.Measured<>(Files.getFileStore(results).getUsableSpace());
        } catch (IOException e) {
            return new Reading.Unmeasurable<>("the file system of " + results + " doesn't tell: " + e.getMessage());
        }
    }

    @Override
    public Surroundings.Span aSecond() {
        Surroundings.Span seen = second;
        if (seen == null) {
            seen = Guard.watch(kernel, usableCpus(), SECOND);
            second = seen;
        }
        return seen;
    }
}
