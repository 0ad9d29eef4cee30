package ringside.content;

import ringside.linux.Statx;

/// What tells one version of a file's content from another without reading it: if any of these differs, the
/// content may too (statx(2)), or who may read it. The time of the inode's change notices what the content's hides,
/// which anybody may set: a rewrite that restores it. The resolution of both is the file system's, a few milliseconds
/// on ext4: two writes within it that keep the length can't be told apart. What happens to the directories above a
/// file doesn't show here: see [FileCache].
///
/// @param inode unique within the device
/// @param device major number in the upper 32 bits, minor in the lower
/// @param lengthBytes at least 0
/// @param modifiedSeconds since 1970
/// @param modifiedNanos the fraction of that second
/// @param changedSeconds since 1970: when content, length, permissions, links or name last changed
/// @param changedNanos the fraction of that second
public record FileVersion(
        long inode,
        long device,
        long lengthBytes,
        long modifiedSeconds,
        int modifiedNanos,
        long changedSeconds,
        int changedNanos) {

    public FileVersion {
        if (lengthBytes < 0 || isNoFraction(modifiedNanos) || isNoFraction(changedNanos)) {
            throw new IllegalArgumentException(
                    "length " + lengthBytes + ", nanoseconds " + modifiedNanos + " and " + changedNanos);
        }
    }

    private static boolean isNoFraction(int nanos) {
        return nanos < 0 || nanos > 999_999_999;
    }

    /// Of what `statx` was asked about last.
    public static FileVersion of(Statx statx) {
        return new FileVersion(
                statx.inode(),
                statx.device(),
                statx.sizeBytes(),
                statx.mtimeSeconds(),
                statx.mtimeNanos(),
                statx.ctimeSeconds(),
                statx.ctimeNanos());
    }

    /// Whether this is still the version that `statx` was asked about last. Allocates nothing.
    boolean isStill(Statx statx) {
        return inode == statx.inode()
                && device == statx.device()
                && lengthBytes == statx.sizeBytes()
                && modifiedSeconds == statx.mtimeSeconds()
                && modifiedNanos == statx.mtimeNanos()
                && changedSeconds == statx.ctimeSeconds()
                && changedNanos == statx.ctimeNanos();
    }
}
