package ringside.content;

import java.util.List;
import ringside.linux.Errno;

/// What stands behind a request path, as a [ContentStore] finds it.
public sealed interface Resource
        permits ServedFile,
                Resource.SlashMissing,
                Resource.Moved,
                Resource.Directory,
                Resource.Unlisted,
                Resource.Unsized,
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

    /// A directory without an index, which is to be listed.
    ///
    /// @param relativePath below the root, with a slash at its end; empty for the root itself
    /// @param mounted names in it that lead elsewhere, and hide what the directory has by those names
    record Directory(DirectoryRoot root, String relativePath, List<String> mounted) implements Resource {

        public Directory {
            mounted = List.copyOf(mounted);
        }

        Directory with(List<String> mounts) {
            return new Directory(root, relativePath, mounts);
        }

        /// Opens it. While its store is open; the listing is the caller's, and lives on by itself.
        ///
        /// @throws ringside.linux.KernelException if it can't be read, or is none any more
        public DirectoryListing open() {
            return root.openListing(relativePath, mounted);
        }
    }

    /// A directory without an index, which is not to be listed.
    record Unlisted() implements Resource {}

    /// A file whose length nobody knows before it has been read.
    ///
    /// @param mediaType the value for `Content-Type`
    record Unsized(DirectoryRoot root, String relativePath, String mediaType) implements Resource {

        /// Opens it. While its store is open; the stream is the caller's, and lives on by itself.
        ///
        /// @throws ringside.linux.KernelException if it can't be read
        public FileStream open() {
            return root.openStream(relativePath);
        }
    }

    /// Nothing to serve here: no such file, not a regular one, or a path that leads out of the root. Which of
    /// these it is isn't told to clients.
    record Absent() implements Resource {}

    /// The server may not read it.
    record Forbidden() implements Resource {}

    /// The kernel refused for a reason that isn't the client's: too many open files, a failing device. Never
    /// cached.
    record Failed(Errno errno) implements Resource {}
}
