package ringside.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import ringside.bench.plan.BenchPlan;
import ringside.bench.result.Load;
import ringside.bench.result.Workload;
import ringside.bench.result.Workload.Cache;
import ringside.bench.trial.Asker;
import ringside.bench.trial.FileSet;
import ringside.engines.ByteSize;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.OpenFiles;
import ringside.linux.Syscall;

/// The workloads of a plan with their files.
///
/// Hot ones ask for 16 MiB of files, but for no fewer than 4 and no more than 64 of them; for a single file
/// when wrk takes part, which can't ask for more. A cold one needs as many as a window can use up: what 2 GB/s
/// or 60,000 files a second would take, whichever is less, up to 4 GiB and 50,000 files. A faster device ends
/// the window early: a window of less than half its length is noted in its trial, and void when it is too short
/// for its costs to be read. A tenth more are for the warm-up.
final class WorkloadFiles {

    static final int ROOT_FILES_MAX = 10_000;

    private static final long HOT_BYTES = 16L << 20;
    private static final long COLD_BYTES_PER_SECOND = 2_000_000_000L;
    private static final long COLD_FILES_PER_SECOND = 60_000;
    private static final long COLD_BYTES_MAX = 4L << 30;
    private static final int COLD_FILES_MAX = 50_000;
    private static final int COLD_FILES_MIN = 128;

    /// Cold files of a window for each that the warm-up asks for. Those are kept cold, too: what an engine does
    /// when a page isn't there is warmed up by nothing else.
    private static final int FILES_PER_WARM_UP_FILE = 10;

    /// A workload and what it asks for.
    record Prepared(Workload workload, FileSet files, Optional<FileSet> warmUpFiles) {}

    private WorkloadFiles() {}

    /// Writes the files of the plan under `root`, or looks through the directory that the plan names.
    ///
    /// @param preparing told what is being done
    /// @param requireOpen throws [IllegalStateException] when the run is being ended; asked between files
    static List<Prepared> prepare(
            BenchPlan plan, Path root, Duration window, Kernel kernel, Consumer<String> preparing, Runnable requireOpen)
            throws IOException {
        List<Prepared> prepared = new ArrayList<>();
        if (plan.root().isPresent()) {
            preparing.accept("reading the files under " + root + " for their checksums");
            FileSet files = FileSet.scan(root, ROOT_FILES_MAX, requireOpen);
            for (Cache cache : plan.caches()) {
                addAll(prepared, plan, cache, files);
            }
            return prepared;
        }
        for (long sizeBytes : plan.sizeBytes()) {
            for (Cache cache : plan.caches()) {
                int count = cache == Cache.HOT ? hotCount(plan, sizeBytes) : coldCount(sizeBytes, window);
                preparing.accept(
                        "writing " + count + (count == 1 ? " file" : " files") + " of " + ByteSize.name(sizeBytes));
                String directory = ByteSize.text(sizeBytes) + (cache == Cache.COLD ? "-cold" : "");
                addAll(
                        prepared,
                        plan,
                        cache,
                        FileSet.generate(root, directory, sizeBytes, count, plan.seed(), requireOpen));
            }
        }
        // Files that still wait to be written back would be written during somebody's trial.
        preparing.accept("waiting for the device");
        syncFileSystem(kernel, root);
        return prepared;
    }

    static int hotCount(BenchPlan plan, long sizeBytes) {
        return plan.askers().contains(Asker.WRK) ? 1 : Math.clamp(HOT_BYTES / sizeBytes, 4, 64);
    }

    static int coldCount(long sizeBytes, Duration window) {
        double seconds = window.toMillis() / 1e3;
        double byRate = Math.min(COLD_FILES_PER_SECOND, (double) COLD_BYTES_PER_SECOND / sizeBytes) * seconds;
        long byRoom = Math.min(COLD_FILES_MAX, COLD_BYTES_MAX / sizeBytes);
        int files = (int) Math.max(COLD_FILES_MIN, Math.min((long) byRate, byRoom));
        return files + files / FILES_PER_WARM_UP_FILE;
    }

    private static void addAll(List<Prepared> prepared, BenchPlan plan, Cache cache, FileSet all) throws IOException {
        FileSet files = all;
        Optional<FileSet> warmUpFiles = Optional.empty();
        if (cache == Cache.COLD) {
            int warming = Math.ceilDiv(all.entries().size(), FILES_PER_WARM_UP_FILE + 1);
            if (warming == all.entries().size()) {
                throw new IOException(all.root() + " holds a single file: a cold trial asks for each file once and"
                        + " warms up on others, so it needs many");
            }
            warmUpFiles = Optional.of(new FileSet(all.root(), all.entries().subList(0, warming)));
            files = new FileSet(
                    all.root(), all.entries().subList(warming, all.entries().size()));
        }
        for (int connections : plan.connections()) {
            for (Load load : plan.loads()) {
                Workload workload = new Workload(
                        files.meanBytes(), files.sizesDiffer(), files.entries().size(), connections, load, cache);
                prepared.add(new Prepared(workload, files, warmUpFiles));
            }
        }
    }

    private static void syncFileSystem(Kernel kernel, Path root) throws IOException {
        OpenFiles open = new OpenFiles(kernel);
        try {
            int fd = open.open(root.toString(), OpenFiles.O_RDONLY | OpenFiles.O_DIRECTORY);
            try {
                KernelException.check(Syscall.SYNCFS, root.toString(), kernel.call(Syscall.SYNCFS, fd));
            } finally {
                open.close(fd);
            }
        } catch (KernelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
