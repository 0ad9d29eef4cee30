package ringside.content.webroot;

/// Sees how a build proceeds, on the build's thread.
public interface BuildObserver {

    /// Hears nothing.
    BuildObserver NONE = new BuildObserver() {};

    /// Called often: several thousand times a second.
    ///
    /// @param files read so far
    /// @param readBytes of them
    default void progress(long files, long readBytes) {}

    /// The content is written; what is left takes a time that grows with the number of resources.
    default void indexing(long resources) {}

    /// Something was left out that somebody may miss.
    default void note(String sentence) {}
}
