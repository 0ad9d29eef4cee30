package ringside.content;

import org.jspecify.annotations.Nullable;
import ringside.linux.Kernel;
import ringside.linux.Syscall;

/// An open regular file: what an engine reads from or sends.
///
/// Belongs to one event loop: nothing here is safe from another thread. It lives while somebody holds a reference; the
/// creator holds the first one. The descriptor is open for reading, at no particular position: engines use explicit
/// offsets only. The length is the one seen at opening; the file may have shrunk or grown since.
///
/// An engine may attach one thing of its own (a second descriptor with O_DIRECT, a channel, preloaded bytes); it is
/// closed with the file.
public final class OpenFile {

    private final Kernel kernel;
    private final String path;
    private final int fd;
    private final long lengthBytes;
    private int references = 1;
    private @Nullable AutoCloseable attachment;

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

    public void retain() {
        if (references <= 0) {
            throw new IllegalStateException(path + " is closed");
        }
        references++;
    }

    /// Gives a reference back; the last one closes the attachment and the descriptor.
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

    public @Nullable AutoCloseable attachment() {
        return attachment;
    }

    /// @param attachment owned by this file from now on
    public void attach(AutoCloseable attachment) {
        if (this.attachment != null) {
            throw new IllegalStateException(path + " has an attachment already");
        }
        this.attachment = attachment;
    }

    private void close() {
        AutoCloseable attached = attachment;
        attachment = null;
        try {
            if (attached != null) {
                attached.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the attachment of " + path + " does not close", e);
        } finally {
            // close(2): the descriptor is gone whatever the answer is; a retry could close somebody else's.
            long ignored = kernel.call(Syscall.CLOSE, fd);
        }
    }
}
