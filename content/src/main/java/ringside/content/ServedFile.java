package ringside.content;

import org.jspecify.annotations.Nullable;

/// A regular file ready to be served: open, with its media type and what tells its versions apart.
///
/// Belongs to one event loop, and to the [ContentStore] that found it: after the next lookup it may be gone,
/// unless its [OpenFile] was retained. The server may attach what it has serialised for the file; it is
/// closed with it.
public final class ServedFile implements Resource {

    private final OpenFile file;
    private final long offsetBytes;
    private final long lengthBytes;
    private final FileVersion version;
    private final String mediaType;
    private final String entityTag;
    private @Nullable AutoCloseable attachment;

    /// A file of its own, whole.
    ///
    /// @param file one reference is this object's from now on
    ServedFile(OpenFile file, FileVersion version, String mediaType) {
        this(file, 0, file.lengthBytes(), version, mediaType, "");
    }

    /// A part of a file that holds others too.
    ///
    /// @param file one reference is this object's from now on
    /// @param offsetBytes where the part starts
    /// @param version of the part
    /// @param entityTag strong and quoted (RFC 9110 §8.8.3); empty if none is known
    public ServedFile(
            OpenFile file,
            long offsetBytes,
            long lengthBytes,
            FileVersion version,
            String mediaType,
            String entityTag) {
        this.file = file;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.version = version;
        this.mediaType = mediaType;
        this.entityTag = entityTag;
    }

    public OpenFile file() {
        return file;
    }

    /// Where it starts in [#file()].
    public long offsetBytes() {
        return offsetBytes;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /// Its strong entity tag, quoted; empty if none is known.
    public String entityTag() {
        return entityTag;
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

    /// For the store that found it.
    public void close() {
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
