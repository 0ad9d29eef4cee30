package ringside.engines;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import ringside.linux.Errno;

/// What the JDK's and Netty's channels report, as negated errnos. They carry the text of strerror(3) and no
/// number, so only the ones that can be told apart by type or by a text that glibc hasn't changed in decades
/// are; the rest is EIO.
final class ChannelErrors {

    private ChannelErrors() {}

    static int error(IOException e) {
        if (e instanceof AccessDeniedException) {
            return -Errno.EACCES;
        }
        if (e instanceof NoSuchFileException) {
            return -Errno.ENOENT;
        }
        String message = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        return switch (message == null ? "" : message) {
            case "Too many open files" -> -Errno.EMFILE;
            case "Too many open files in system" -> -Errno.ENFILE;
            case "Cannot allocate memory" -> -Errno.ENOMEM;
            case "Broken pipe" -> -Errno.EPIPE;
            case "Connection reset", "Connection reset by peer" -> -Errno.ECONNRESET;
            default -> -Errno.EIO;
        };
    }
}
