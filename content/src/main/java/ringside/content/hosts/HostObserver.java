package ringside.content.hosts;

/// Told of what becomes of virtual hosts, on the thread that watches them. Each thing is told once.
public interface HostObserver {

    HostObserver NONE = new HostObserver() {
        @Override
        public void opened(String entry, String what) {}

        @Override
        public void removed(String entry) {}

        @Override
        public void refused(String entry, String reason, boolean before) {}

        @Override
        public void blind(String reason) {}
    };

    /// An entry of the directory is served from now on, or a new version of it.
    ///
    /// @param what is served
    void opened(String entry, String what);

    /// An entry is gone, and isn't served any more.
    void removed(String entry);

    /// An entry can't be served as it is.
    ///
    /// @param reason and what to do
    /// @param before whether what it was before is served still
    void refused(String entry, String reason, boolean before);

    /// Changes may go unnoticed.
    ///
    /// @param reason and what to do
    void blind(String reason);
}
