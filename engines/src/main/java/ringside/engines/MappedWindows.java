package ringside.engines;

import org.jspecify.annotations.Nullable;

/// All windows that an event loop has mapped, up to a number; the least recently used goes first. Belongs to its
/// loop.
///
/// ```
///   oldest ⇄ … ⇄ newest        a read copies and is done: nothing holds on to a window between reads
/// ```
final class MappedWindows {

    private final int windowsMax;
    private @Nullable MappedWindow oldest;
    private @Nullable MappedWindow newest;
    private int count;

    MappedWindows(int windowsMax) {
        this.windowsMax = windowsMax;
    }

    int count() {
        return count;
    }

    /// Makes room for another window.
    void makeRoom() {
        if (count >= windowsMax) {
            unmapOldest();
        }
    }

    void unmapAll() {
        while (count > 0) {
            unmapOldest();
        }
    }

    /// @return false when there is none
    boolean unmapOldest() {
        MappedWindow window = oldest;
        if (window == null) {
            return false;
        }
        unmap(window);
        return true;
    }

    void add(MappedWindow window) {
        window.file().add(window);
        count++;
        append(window);
    }

    void used(MappedWindow window) {
        if (newest != window) {
            unlink(window);
            append(window);
        }
    }

    void unmap(MappedWindow window) {
        window.file().remove(window);
        unlink(window);
        count--;
        window.range().close();
    }

    private void append(MappedWindow window) {
        window.older = newest;
        window.newer = null;
        if (newest == null) {
            oldest = window;
        } else {
            newest.newer = window;
        }
        newest = window;
    }

    private void unlink(MappedWindow window) {
        MappedWindow older = window.older;
        MappedWindow newer = window.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
    }
}
