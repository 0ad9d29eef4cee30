package ringside.bench.trial;

import ringside.bench.result.Measured;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.PageResidency;
import ringside.linux.Residency;

/// Puts the files of a workload into the page cache or out of it, and measures what is there.
final class FileCacheState {

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

    /// Writes back and drops every file's pages.
    ///
    /// @return the fraction of their pages that is resident then
    Measured evict(FileSet files) {
        return overAll(files, path -> residency.evict(path).after());
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
