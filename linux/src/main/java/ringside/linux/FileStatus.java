package ringside.linux;

import java.time.Instant;

/// What statx(2) says about a file, taken with [Statx].
///
/// @param sizeBytes the length of a regular file
/// @param mtimeSeconds last change of the content, seconds since 1970
/// @param mtimeNanos the fraction of that second, 0 to 999,999,999
/// @param mode kind and permissions, inode(7)
/// @param userId the owner
/// @param inode unique within the device
/// @param device the device, major number in the upper 32 bits, minor in the lower
/// @param dioMemAlignBytes what O_DIRECT wants the memory aligned to; 0 = the kernel doesn't say (before Linux
///     6.1, or a file system without O_DIRECT: `STATX_DIOALIGN`)
/// @param dioOffsetAlignBytes what O_DIRECT wants offset and length aligned to; 0 as above
public record FileStatus(
        long sizeBytes,
        long mtimeSeconds,
        int mtimeNanos,
        int mode,
        int userId,
        long inode,
        long device,
        int dioMemAlignBytes,
        int dioOffsetAlignBytes) {

    public FileStatus {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("negative size: " + sizeBytes);
        }
        if (mtimeNanos < 0 || mtimeNanos > 999_999_999) {
            throw new IllegalArgumentException("not a fraction of a second: " + mtimeNanos + " ns");
        }
        if (dioMemAlignBytes < 0 || dioOffsetAlignBytes < 0) {
            throw new IllegalArgumentException(
                    "negative alignment: " + dioMemAlignBytes + " and " + dioOffsetAlignBytes);
        }
    }

    public FileKind kind() {
        return FileKind.ofMode(mode);
    }

    public boolean isRegular() {
        return kind() == FileKind.REGULAR;
    }

    public boolean isDirectory() {
        return kind() == FileKind.DIRECTORY;
    }

    public Instant modified() {
        return Instant.ofEpochSecond(mtimeSeconds, mtimeNanos);
    }

    /// Whether the kernel says how O_DIRECT must be aligned on this file.
    public boolean knowsDirectAlignment() {
        return dioMemAlignBytes > 0 && dioOffsetAlignBytes > 0;
    }

    public int deviceMajor() {
        return (int) (device >>> 32);
    }

    public int deviceMinor() {
        return (int) device;
    }
}
