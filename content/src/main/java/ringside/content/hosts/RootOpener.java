package ringside.content.hosts;

import java.nio.file.Path;
import ringside.content.ContentRoot;
import ringside.content.DirectoryRoot;
import ringside.content.webroot.WebrootCheck;
import ringside.content.webroot.WebrootRoot;
import ringside.linux.FileKind;
import ringside.linux.Kernel;

/// Makes what a virtual host serves of an open file or directory.
@FunctionalInterface
public interface RootOpener {

    /// Directories are served as they are, files are webroots.
    ///
    /// @param precompressed whether a directory's files have the coded forms that stand beside them
    static RootOpener plain(Kernel kernel, boolean precompressed) {
        return (path, fd, kind, observer) -> kind == FileKind.DIRECTORY
                ? DirectoryRoot.open(kernel, path, fd, precompressed)
                : WebrootRoot.open(kernel, path, fd, observer);
    }

    /// Opens and verifies; not on an event loop.
    ///
    /// @param path for messages
    /// @param fd open for reading; the root's from now on, and closed if this throws
    /// @param kind [FileKind#DIRECTORY] or [FileKind#REGULAR]
    /// @param observer of the verification, which it may end by an exception
    /// @throws ringside.content.webroot.WebrootException if it is a file and no webroot, or a damaged one
    /// @throws ringside.linux.KernelException if it can't be read
    ContentRoot open(Path path, int fd, FileKind kind, WebrootCheck.Observer observer);
}
