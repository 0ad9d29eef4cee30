package ringside.content;

import ringside.linux.Statx;

/// What tells one version of a file's content from another without reading it: if any of these differs, the
/// content may too (statx(2)). The time's resolution is the file system's, a few milliseconds on ext4: two writes
/// within it that keep the length can't be told apart.
///
/// @param inode unique within the device
/// @param device major number in the upper 32 bits, minor in the lower
/// @param lengthBytes at least 0
/// @param modifiedSeconds since 1970
/// @param modifiedNanos the fraction of that second
public record FileVersion(long inode, long device, long lengthBytes, long modifiedSeconds, int modifiedNanos) {

    public FileVersion {
        if (lengthBytes < 0 || modifiedNanos < 0 || modifiedNanos > 999_999_999) {
            throw new IllegalArgumentException("length " + lengthBytes + ", nanoseconds " + modifiedNanos);
        }
    }

    /// Of what `statx` was asked about last.
    static FileVersion of(Statx statx) {
        return new FileVersion(
                statx.inode(), statx.device(), statx.sizeBytes(), statx.mtimeSeconds(), statx.mtimeNanos());
    }

    /// Whether this is still the version that `statx` was asked about last. Allocates nothing.
    boolean isStill(Statx statx) {
        return inode == statx.inode()
                && device == statx.device()
                && lengthBytes == statx.sizeBytes()
                && modifiedSeconds == statx.mtimeSeconds()
                && modifiedNanos == statx.mtimeNanos();
    }
}
