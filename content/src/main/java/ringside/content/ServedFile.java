package ringside.content;

import java.util.List;
import java.util.Optional;
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
    private final Optional<Encoding> encoding;
    private final List<ServedFile> variants;
    private @Nullable AutoCloseable attachment;

    /// A plain file, or a part of one that holds others too, in one form only.
    ///
    /// @param file one reference is this object's from now on
    /// @param offsetBytes where the part starts
    /// @param version of the part
    /// @param entityTag quoted (RFC 9110 §8.8.3); empty if nothing tells its contents apart, not the version's time
    ///     either
    public ServedFile(
            OpenFile file,
            long offsetBytes,
            long lengthBytes,
            FileVersion version,
            String mediaType,
            String entityTag) {
        this(file, offsetBytes, lengthBytes, version, mediaType, entityTag, Optional.empty(), List.of());
    }

    private ServedFile(
            OpenFile file,
            long offsetBytes,
            long lengthBytes,
            FileVersion version,
            String mediaType,
            String entityTag,
            Optional<Encoding> encoding,
            List<ServedFile> variants) {
        this.file = file;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.version = version;
        this.mediaType = mediaType;
        this.entityTag = entityTag;
        this.encoding = encoding;
        this.variants = List.copyOf(variants);
    }

    /// This as a variant: the same media type's content in a coding. Takes this one's place.
    public ServedFile in(Encoding encoding) {
        return new ServedFile(
                file, offsetBytes, lengthBytes, version, mediaType, entityTag, Optional.of(encoding), List.of());
    }

    /// This with other forms of the same content, closed with it. Takes this one's place.
    ///
    /// @param variants each in a coding, [#in(Encoding)]
    public ServedFile with(List<ServedFile> variants) {
        return new ServedFile(
                file, offsetBytes, lengthBytes, version, mediaType, entityTag, Optional.empty(), variants);
    }

    /// This as it is coded while it is sent, for its head: the tag is another, and weak, since the same bytes coded by
    /// another version of a library needn't be the same. Shares all that this holds: not to be closed.
    public ServedFile codedAs(Encoding coding) {
        String tag = entityTag.isEmpty()
                ? ""
                : "W/" + entityTag.substring(entityTag.indexOf('"'), entityTag.length() - 1) + "-" + coding.token()
                        + '"';
        return new ServedFile(file, offsetBytes, lengthBytes, version, mediaType, tag, Optional.of(coding), List.of());
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

    /// The coding that this is in; empty for the plain form.
    public Optional<Encoding> encoding() {
        return encoding;
    }

    /// The same content in other codings; empty if there are none, and of a variant.
    public List<ServedFile> variants() {
        return variants;
    }

    /// Its entity tag, quoted, with `W/` in front if it is weak; empty if it has none.
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
        variants.forEach(ServedFile::close);
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
