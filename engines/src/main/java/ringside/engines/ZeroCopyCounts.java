package ringside.engines;

import java.util.LinkedHashMap;
import java.util.Map;

/// What came of a loop's sends: whether the kernel really did without a copy.
///
/// Counted on the loop.
final class ZeroCopyCounts {

    /// By `IORING_OP_SEND`: below the threshold, or while too many buffers were with the kernel.
    long plainSends;
    /// By `IORING_OP_SEND_ZC`.
    long zeroCopySends;
    /// Of those, where the kernel's notification said that it had copied after all. Always all of them on loopback.
    long copied;
    /// Refused with ENOBUFS, ENOMEM or EOPNOTSUPP, and sent by a plain send instead.
    long refused;
    /// Reads by READ_FIXED.
    long fixedReads;

    Map<String, Long> asMap() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("plain sends", plainSends);
        counts.put("zero-copy sends", zeroCopySends);
        counts.put("zero-copy sends that copied", copied);
        counts.put("zero-copy sends refused", refused);
        counts.put("fixed reads", fixedReads);
        return counts;
    }
}
