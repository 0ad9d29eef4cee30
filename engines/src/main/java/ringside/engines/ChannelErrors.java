package ringside.engines;

import static java.util.Map.entry;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ringside.linux.Errno;

/// What the JDK's and Netty's channels report, as negated errnos. Netty's native transports give the number; the
/// JDK's channels carry the text of strerror(3) only, which glibc hasn't changed in decades. What isn't in the
/// table is EIO for the transfer, and logged with its cause.
final class ChannelErrors {

    /// Texts that were logged; more different ones than this are not to be expected.
    private static final int LOGGED_MAX = 64;

    private static final System.Logger LOGGER = System.getLogger("ringside.engines");
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    /// glibc's strerror(3) in the C locale for every errno that ringside knows.
    static final Map<String, Integer> NUMBERS = Map.ofEntries(
            entry("Operation not permitted", Errno.EPERM),
            entry("No such file or directory", Errno.ENOENT),
            entry("No such process", Errno.ESRCH),
            entry("Interrupted system call", Errno.EINTR),
            entry("Input/output error", Errno.EIO),
            entry("No such device or address", Errno.ENXIO),
            entry("Bad file descriptor", Errno.EBADF),
            entry("Resource temporarily unavailable", Errno.EAGAIN),
            entry("Cannot allocate memory", Errno.ENOMEM),
            entry("Permission denied", Errno.EACCES),
            entry("Bad address", Errno.EFAULT),
            entry("Device or resource busy", Errno.EBUSY),
            entry("File exists", Errno.EEXIST),
            entry("Invalid cross-device link", Errno.EXDEV),
            entry("No such device", Errno.ENODEV),
            entry("Not a directory", Errno.ENOTDIR),
            entry("Is a directory", Errno.EISDIR),
            entry("Invalid argument", Errno.EINVAL),
            entry("Too many open files in system", Errno.ENFILE),
            entry("Too many open files", Errno.EMFILE),
            entry("File too large", Errno.EFBIG),
            entry("No space left on device", Errno.ENOSPC),
            entry("Illegal seek", Errno.ESPIPE),
            entry("Broken pipe", Errno.EPIPE),
            entry("File name too long", Errno.ENAMETOOLONG),
            entry("Function not implemented", Errno.ENOSYS),
            entry("Too many levels of symbolic links", Errno.ELOOP),
            entry("Timer expired", Errno.ETIME),
            entry("Value too large for defined data type", Errno.EOVERFLOW),
            entry("Socket operation on non-socket", Errno.ENOTSOCK),
            entry("Operation not supported", Errno.EOPNOTSUPP),
            entry("Address already in use", Errno.EADDRINUSE),
            entry("Software caused connection abort", Errno.ECONNABORTED),
            entry("Connection reset by peer", Errno.ECONNRESET),
            // java.nio says it in words of its own.
            entry("Connection reset", Errno.ECONNRESET),
            entry("No buffer space available", Errno.ENOBUFS),
            entry("Transport endpoint is not connected", Errno.ENOTCONN),
            entry("Connection timed out", Errno.ETIMEDOUT),
            entry("Connection refused", Errno.ECONNREFUSED),
            entry("Operation already in progress", Errno.EALREADY),
            entry("Operation now in progress", Errno.EINPROGRESS),
            entry("Argument list too long", Errno.E2BIG),
            entry("Read-only file system", Errno.EROFS),
            entry("No data available", Errno.ENODATA),
            entry("Link has been severed", Errno.ENOLINK),
            entry("Bad message", Errno.EBADMSG),
            entry("File descriptor in bad state", Errno.EBADFD),
            entry("Invalid or incomplete multibyte or wide character", Errno.EILSEQ),
            entry("Network is unreachable", Errno.ENETUNREACH),
            entry("No route to host", Errno.EHOSTUNREACH),
            entry("Stale file handle", Errno.ESTALE),
            entry("Structure needs cleaning", Errno.EUCLEAN),
            entry("Remote I/O error", Errno.EREMOTEIO),
            entry("Disk quota exceeded", Errno.EDQUOT),
            entry("Operation canceled", Errno.ECANCELED));

    private ChannelErrors() {}

    /// @return a negated errno
    static int error(IOException e) {
        if (e instanceof Errors.NativeIoException known) {
            return known.expectedErr();
        }
        if (e instanceof AccessDeniedException) {
            return -Errno.EACCES;
        }
        if (e instanceof NoSuchFileException) {
            return -Errno.ENOENT;
        }
        if (e instanceof ClosedChannelException) {
            return -Errno.EBADF;
        }
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        Integer number = reason == null ? null : NUMBERS.get(reason);
        return number == null ? unknown(e) : -number;
    }

    /// Says once for each text what it was.
    private static int unknown(IOException e) {
        if (LOGGED.size() < LOGGED_MAX && LOGGED.add(String.valueOf(e))) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "a channel failed with an error that ringside doesn't know by its text and treats as EIO",
                    e);
        }
        return -Errno.EIO;
    }
}
