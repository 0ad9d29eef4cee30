package ringside.content;

import org.jspecify.annotations.Nullable;

/// Finds what a request path means, for one event loop: made, used and closed there.
public interface ContentStore extends AutoCloseable {

    /// @param path holds the decoded, normalised request path: starts with `/`, no `.` or `..` segment, no
    ///     empty one
    /// @param from where it starts
    /// @param to after its end
    /// @param second the time on a coarse clock that never goes back; what was checked in the same second is
    ///     trusted
    /// @return valid until the next call
    Resource find(byte[] path, int from, int to, long second);

    /// The content's own page for answers of this status.
    ///
    /// @return null if it has none; valid until the store is closed
    default @Nullable ServedFile errorPage(int status) {
        return null;
    }

    /// Forgets a file, so that the next request finds it anew: for one that could not be sent as it should.
    void forget(ServedFile file);

    /// Closes what isn't being sent.
    @Override
    void close();
}
