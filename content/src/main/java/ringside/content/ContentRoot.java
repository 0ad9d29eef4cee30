package ringside.content;

/// Something that is served: a directory ([DirectoryRoot]) or a webroot. Shared by the event loops, each of
/// which asks through a [ContentStore] of its own. Closed after those.
public interface ContentRoot extends AutoCloseable {

    /// Opens what one event loop asks. To be called on that loop.
    ///
    /// @param entriesMax how many resources it may keep ready, at least 1
    ContentStore openStore(int entriesMax);

    @Override
    void close();
}
