package ringside.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import ringside.linux.Kernel;
import ringside.linux.KernelException;
import ringside.linux.Syscall;

/// An open regular file: what an engine reads from or sends.
///
/// Belongs to one event loop: nothing here is safe from another thread. It lives while somebody holds a reference; the
/// creator holds the first one. The descriptor is open for reading, at no particular position: engines use explicit
/// offsets only. The length is the one seen at opening; the file may have shrunk or grown since.
///
/// Engines may attach things of their own (a second descriptor with O_DIRECT, a channel, preloaded bytes), one of a
/// kind; they are closed with the file.
public final class OpenFile {

    private static final AutoCloseable[] NOTHING = {};
    private static final int F_DUPFD_CLOEXEC = 1030; // linux/fcntl.h

    private final Kernel kernel;
    private final String path;
    private final int fd;
    private final long lengthBytes;
    private int references = 1;
    /// In the order of attaching.
    private AutoCloseable[] attachments = NOTHING;

    /// @param path for messages only
    /// @param fd open for reading; owned by this object from now on
    public OpenFile(Kernel kernel, String path, int fd, long lengthBytes) {
        if (fd < 0 || lengthBytes < 0) {
            throw new IllegalArgumentException("fd " + fd + ", length " + lengthBytes);
        }
        this.kernel = kernel;
        this.path = path;
        this.fd = fd;
        this.lengthBytes = lengthBytes;
    }

    public String path() {
        return path;
    }

    public int fd() {
        return fd;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /// A name under which this very file, deleted or renamed though it may be, can be opened again (proc_pid_fd(5)).
    public String procPath() {
        return "/proc/self/fd/" + fd;
    }

    /// Opens it to be read front to back from `offset`, on any thread; lives on by itself.
    ///
    /// @throws ringside.linux.KernelException if there is no descriptor for it
    public FileStream openStream(long offset) {
        long duplicate = kernel.call(Syscall.FCNTL, fd, F_DUPFD_CLOEXEC, 0);
        return new FileStream(kernel, path, (int) KernelException.check(Syscall.FCNTL, path, duplicate), offset);
    }

    public void retain() {
        if (references <= 0) {
            throw new IllegalStateException(path + " is closed");
        }
        references++;
    }

    /// Gives a reference back; the last one closes what is attached and the descriptor.
    public void release() {
        if (references <= 0) {
            throw new IllegalStateException(path + " is closed");
        }
        if (--references == 0) {
            close();
        }
    }

    public boolean isOpen() {
        return references > 0;
    }

    /// What somebody attached of this kind. Ask for a class of your own, so that nobody else's is meant; few things are
    /// attached, so this is a look at each.
    ///
    /// @return null when there is none
    public <T extends AutoCloseable> @Nullable T attachment(Class<T> kind) {
        for (AutoCloseable attachment : attachments) {
            if (kind.isInstance(attachment)) {
                return kind.cast(attachment);
            }
        }
        return null;
    }

    /// @param attachment owned by this file from now on
    /// @throws IllegalStateException when one of its class is attached already
    public void attach(AutoCloseable attachment) {
        if (attachment(attachment.getClass()) != null) {
            throw new IllegalStateException(
                    path + " has a " + attachment.getClass().getSimpleName() + " attached already");
        }
        AutoCloseable[] more = Arrays.copyOf(attachments, attachments.length + 1);
        more[attachments.length] = attachment;
        attachments = more;
    }

    /// Everything is closed, the last attached first, whatever of it fails.
    private void close() {
        AutoCloseable[] attached = attachments;
        attachments = NOTHING;
        IllegalStateException failed = null;
        try {
            for (int i = attached.length - 1; i >= 0; i--) {
                try {
                    attached[i].close();
                } catch (Exception e) {
                    if (failed == null) {
                        failed = new IllegalStateException("what is attached to " + path + " does not close", e);
                    } else {
                        failed.addSuppressed(e);
                    }
                }
            }
        } finally {
            // close(2): the descriptor is gone whatever the answer is; a retry could close somebody else's.
            long ignored = kernel.call(Syscall.CLOSE, fd);
        }
        if (failed != null) {
            throw failed;
        }
    }
}
