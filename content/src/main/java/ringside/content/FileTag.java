package ringside.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// Entity tags (RFC 9110 §8.8.3) of files that nobody has read: a digest of what tells their versions apart, and of the
/// coding that they are in.
///
/// A strong tag must change whenever the content does (§8.8.1). What always changes with it is the time of the inode's
/// change, which nobody can set; but a kernel's clock for files ticks only every few milliseconds, and file systems
/// may keep whole or even seconds. So the rule is: **a tag is strong if the file was last changed at least
/// [#SETTLING_SECONDS] before it was looked at.** A change after the look gets a later time then, and another tag.
/// Until
/// then the tag is the same but weak, since a second change at the same time couldn't be told from the first.
///
/// It does not hold, and no rule without reading could, when the clock is set back, when a file is written through a
/// shared mapping after the kernel last noted a time (mmap(2), `MAP_SHARED`), or on file systems that keep no time of
/// change. Files that are replaced by rename(2) are always told apart: the inode differs.
final class FileTag {

    static final int SETTLING_SECONDS = 2;

    private static final int DIGEST_BYTES = 12;
    private static final String WEAK = "W/";

    private FileTag() {}

    /// @param lookedAt when the version was read from the file
    static String of(FileVersion version, Optional<Encoding> encoding, Instant lookedAt) {
        ByteBuffer identity = ByteBuffer.allocate(6 * Long.BYTES + 3 * Integer.BYTES)
                .putLong(version.device())
                .putLong(version.inode())
                .putLong(version.lengthBytes())
                .putLong(version.modifiedSeconds())
                .putInt(version.modifiedNanos())
                .putLong(version.changedSeconds())
                .putInt(version.changedNanos())
                .putInt(encoding.map(Encoding::bit).orElse(0));
        String digits = HexFormat.of().formatHex(sha256(identity.array()), 0, DIGEST_BYTES);
        return (isSettled(version, lookedAt) ? "" : WEAK) + '"' + digits + '"';
    }

    static boolean isWeak(String tag) {
        return tag.startsWith(WEAK);
    }

    static boolean isSettled(FileVersion version, Instant lookedAt) {
        return version.changedSeconds() + SETTLING_SECONDS < lookedAt.getEpochSecond();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
