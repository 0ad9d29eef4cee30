package ringside.content;

import org.jspecify.annotations.Nullable;

/// A regular file ready to be served: open, with its media type and what tells its versions apart.
///
/// Belongs to one event loop, and to the [FileCache] that found it: after the next lookup it may be gone, unless
/// its [OpenFile] was retained. The server may attach what it has serialised for the file; it is closed with it.
public final class ServedFile implements Resource {

    private final OpenFile file;
    private final FileVersion version;
    private final String mediaType;
    private @Nullable AutoCloseable attachment;

    /// @param file its first reference is this object's from now on
    ServedFile(OpenFile file, FileVersion version, String mediaType) {
        this.file = file;
        this.version = version;
        this.mediaType = mediaType;
    }

    public OpenFile file() {
        return file;
    }

    public long lengthBytes() {
        return file.lengthBytes();
    }

    /// The value for `Content-Type`.
    public String mediaType() {
        return mediaType;
    }

    /// What to make validators of.
    public FileVersion version() {
        return version;
    }

    public @Nullable AutoCloseable attachment() {
        return attachment;
    }

    /// @param attachment owned by this object from now on
    public void attach(AutoCloseable attachment) {
        if (this.attachment != null) {
            throw new IllegalStateException(file.path() + " has an attachment already");
        }
        this.attachment = attachment;
    }

    void close() {
        AutoCloseable attached = attachment;
        attachment = null;
        try {
            if (attached != null) {
                attached.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("what is attached to " + file.path() + " does not close", e);
        } finally {
            file.release();
        }
    }
}
