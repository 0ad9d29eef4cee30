package ringside.content;

import ringside.linux.Errno;

/// What stands behind a request path, as a [ContentStore] finds it.
public sealed interface Resource
        permits ServedFile,
                Resource.SlashMissing,
                Resource.Moved,
                Resource.Absent,
                Resource.Forbidden,
                Resource.Failed {

    /// A directory, asked for without the slash at the end: the client is sent to the path with it, so that
    /// relative links in the directory's index resolve.
    record SlashMissing() implements Resource {}

    /// Somewhere else.
    ///
    /// @param status 301, 302, 303, 307 or 308
    /// @param location the value for `Location`: visible ASCII
    record Moved(int status, String location) implements Resource {}

    /// Nothing to serve here: no such file, not a regular one, or a path that leads out of the root. Which of
    /// these it is isn't told to clients.
    record Absent() implements Resource {}

    /// The server may not read it.
    record Forbidden() implements Resource {}

    /// The kernel refused for a reason that isn't the client's: too many open files, a failing device. Never
    /// cached.
    record Failed(Errno errno) implements Resource {}
}
