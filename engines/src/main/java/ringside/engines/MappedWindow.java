package ringside.engines;

import org.jspecify.annotations.Nullable;
import ringside.linux.MappedRange;

/// A part of a file that is mapped, in two lists: that of its file, and that of all windows of the loop by use.
final class MappedWindow {

    private final MappedFile file;
    private final long start;
    private final MappedRange range;

    /// Of the file, by use; [MappedFile]'s.
    @Nullable
    MappedWindow nextOfFile;

    /// Used before and after this one; [MappedWindows]'.
    @Nullable
    MappedWindow older;

    @Nullable
    MappedWindow newer;

    /// @param start offset in the file
    MappedWindow(MappedFile file, long start, MappedRange range) {
        this.file = file;
        this.start = start;
        this.range = range;
    }

    MappedFile file() {
        return file;
    }

    long start() {
        return start;
    }

    MappedRange range() {
        return range;
    }
}
