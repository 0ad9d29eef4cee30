package ringside.engines;

import org.jspecify.annotations.Nullable;

/// The windows of one open file that are mapped now. Attached to the [ringside.content.OpenFile] and closed with it.
/// Belongs to its loop.
final class MappedFile implements AutoCloseable {

    private final MappedWindows all;
    private @Nullable MappedWindow first;

    /// @param all where the windows of all files are counted
    MappedFile(MappedWindows all) {
        this.all = all;
    }

    /// The window that starts at `start`, or null. The one that was asked for last is found first.
    @Nullable
    MappedWindow at(long start) {
        MappedWindow before = null;
        for (MappedWindow window = first; window != null; window = window.nextOfFile) {
            if (window.start() == start) {
                if (before != null) {
                    before.nextOfFile = window.nextOfFile;
                    window.nextOfFile = first;
                    first = window;
                }
                return window;
            }
            before = window;
        }
        return null;
    }

    void add(MappedWindow window) {
        window.nextOfFile = first;
        first = window;
    }

    void remove(MappedWindow window) {
        if (first == window) {
            first = window.nextOfFile;
            return;
        }
        for (MappedWindow other = first; other != null; other = other.nextOfFile) {
            if (other.nextOfFile == window) {
                other.nextOfFile = window.nextOfFile;
                return;
            }
        }
    }

    @Override
    public void close() {
        while (first != null) {
            all.unmap(first);
        }
    }
}
