package ringside.engines;

import ringside.content.OpenFile;

/// What a reader remembers of an open file: that it was met, and what its file system has refused. Attached to the
/// [OpenFile]; belongs to its loop.
final class MetFile implements AutoCloseable {

    private boolean refusesNoWait;

    private MetFile() {}

    /// The mark of `file`, which gets one if it has none.
    ///
    /// @throws IllegalStateException if the file has another engine's attachment
    static MetFile of(OpenFile file) {
        if (file.attachment() instanceof MetFile met) {
            return met;
        }
        MetFile met = new MetFile();
        file.attach(met);
        return met;
    }

    /// Whether the file system has answered EOPNOTSUPP to `RWF_NOWAIT`.
    boolean refusesNoWait() {
        return refusesNoWait;
    }

    void noWaitRefused() {
        refusesNoWait = true;
    }

    @Override
    public void close() {}
}
