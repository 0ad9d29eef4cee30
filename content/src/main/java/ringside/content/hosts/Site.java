package ringside.content.hosts;

import ringside.content.ContentRoot;

/// What answers for one virtual host, or for several: one version of it. Another version is another site.
///
/// Sites are told apart by identity. Any thread.
public final class Site {

    private final String source;
    private final ContentRoot root;

    /// @param source what it was opened from, for messages
    /// @param root closed by who opened it, after every event loop has let go of it
    public Site(String source, ContentRoot root) {
        this.source = source;
        this.root = root;
    }

    public String source() {
        return source;
    }

    public ContentRoot root() {
        return root;
    }

    @Override
    public String toString() {
        return source;
    }
}
