package ringside.bench.trial;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import ringside.bench.result.Measured;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.PageResidency;
import ringside.linux.Residency;

/// Puts the files of a workload into the page cache or out of it, and measures what is there.
final class FileCacheState {

    private static final System.Logger LOGGER = System.getLogger(FileCacheState.class.getName());

    private final PageResidency residency;
    private final Children children;

    /// @param children tells when the run is being ended: then no further file is touched
    FileCacheState(Kernel kernel, Children children) {
        this.children = children;
        residency = new PageResidency(kernel);
    }

    /// Reads every file through.
    ///
    /// @return the fraction of their pages that is resident then
    Measured warm(FileSet files) {
        return overAll(files, residency::warm);
    }

    /// Maps every file until `arena` is closed. Mapped pages are the last that the kernel gives up, and
    /// `drop_caches` passes them over (invalidate_mapping_pages, mm/truncate.c): where something trims the
    /// page cache of the machine, pages of hot files were seen to vanish in the middle of a trial.
    ///
    /// @throws IOException when a file can't be mapped
    void hold(FileSet files, Arena arena) throws IOException {
        for (FileSet.Entry entry : files.entries()) {
            children.requireOpen();
            if (entry.sizeBytes() > 0) {
                try (FileChannel channel = FileChannel.open(entry.file(), StandardOpenOption.READ)) {
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, entry.sizeBytes(), arena)
                            .load();
                }
            }
        }
    }

    /// Writes back and drops every file's pages.
    ///
    /// @return the fraction of their pages that is resident then
    Measured evict(FileSet files) {
        return overAll(files, path -> residency.evict(path).after());
    }

    /// Drops one file's pages, as far as nobody uses them at the moment. Says nothing of what is left: for a file whose
    /// being cold nothing depends on.
    void evict(FileSet.Entry entry) {
        children.requireOpen();
        try {
            residency.evict(entry.file().toString());
        } catch (KernelException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "a file of the warm-up stays in the page cache", e);
        }
    }

    /// @return the fraction of the files' pages that is resident now
    Measured measure(FileSet files) {
        return overAll(files, residency::measure);
    }

    @FunctionalInterface
    private interface Treatment {
        Residency apply(String path);
    }

    /// @throws IllegalStateException when the run is being ended
    private Measured overAll(FileSet files, Treatment treatment) {
        long cachedPages = 0;
        long totalPages = 0;
        try {
            for (FileSet.Entry entry : files.entries()) {
                children.requireOpen();
                Residency found = treatment.apply(entry.file().toString());
                cachedPages += found.cachedPages();
                totalPages += found.totalPages();
            }
        } catch (KernelException e) {
            return Measured.unmeasurable(String.valueOf(e.getMessage()));
        }
        return totalPages == 0
                ? Measured.unmeasurable("the files are empty")
                : Measured.of((double) cachedPages / totalPages);
    }
}
