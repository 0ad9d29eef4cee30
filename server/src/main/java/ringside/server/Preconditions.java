package ringside.server;

import ringside.content.HttpDate;
import ringside.content.ServedFile;

/// The preconditions of a request for a file, RFC 9110 §13, in the order of §13.2.2:
///
/// ```
///   If-Match ────────────┐ false: 412
///   │ absent             │
///   If-Unmodified-Since ─┤ false: 412
///   │                    ▼ true
///   If-None-Match ────────── false: 304
///   │ absent
///   If-Modified-Since ────── false: 304
///   ▼
///   Range, with If-Range ─── false: the whole file
/// ```
///
/// To be asked only about what would be answered 200 without them (§13.2.1). A date that isn't one, or stands in the
/// head twice, is as if it weren't there. Allocates nothing.
final class Preconditions {

    /// What they come to.
    enum Verdict {
        PERFORM,
        NOT_MODIFIED,
        FAILED
    }

    private Preconditions() {}

    /// Of a GET or HEAD.
    ///
    /// @param file the form that was selected
    static Verdict judge(RequestFields fields, byte[] octets, ServedFile file, Tick tick) {
        if (!fields.ifMatch.isEmpty()) {
            if (!EntityTags.match(octets, fields.ifMatch, file.entityTag(), true)) {
                return Verdict.FAILED;
            }
        } else {
            long date = date(fields.ifUnmodifiedSince, octets, tick);
            if (date != HttpDate.INVALID && modifiedSeconds(file, tick) > date) {
                return Verdict.FAILED;
            }
        }
        if (!fields.ifNoneMatch.isEmpty()) {
            return EntityTags.match(octets, fields.ifNoneMatch, file.entityTag(), false)
                    ? Verdict.NOT_MODIFIED
                    : Verdict.PERFORM;
        }
        long modified = modifiedSeconds(file, tick);
        boolean unmodified = modified != HttpDate.INVALID && modified <= date(fields.ifModifiedSince, octets, tick);
        return unmodified ? Verdict.NOT_MODIFIED : Verdict.PERFORM;
    }

    /// Whether a range may be answered with a part of this very file: `If-Range` is absent, or names it by a strong
    /// validator (§13.1.5). A date is one if the file has had its tag's time to settle; it must be the same then,
    /// and not just later.
    static boolean rangeHolds(RequestFields fields, byte[] octets, ServedFile file, Tick tick) {
        FieldLines lines = fields.ifRange;
        if (lines.isEmpty()) {
            return true;
        }
        if (lines.count() > 1) {
            return false;
        }
        int from = lines.from(0);
        int to = lines.to(0);
        if (from < to && octets[to - 1] == '"') {
            return EntityTags.isSame(octets, from, to, file.entityTag(), true);
        }
        long date = date(lines, octets, tick);
        return date != HttpDate.INVALID && !file.entityTag().startsWith("W/") && date == modifiedSeconds(file, tick);
    }

    /// What `Last-Modified` says: the file's time, but never one that is yet to come (RFC 9110 §8.8.2.1).
    ///
    /// @return [HttpDate#INVALID] if it isn't known, or says nothing
    static long modifiedSeconds(ServedFile file, Tick tick) {
        long seconds = file.version().modifiedSeconds();
        return seconds == 0 || file.entityTag().isEmpty() ? HttpDate.INVALID : Math.min(seconds, tick.wallSeconds);
    }

    /// @return [HttpDate#INVALID] if there is none, or more than one
    private static long date(FieldLines lines, byte[] octets, Tick tick) {
        return lines.count() == 1
                ? HttpDate.parse(octets, lines.from(0), lines.to(0), tick.wallSeconds)
                : HttpDate.INVALID;
    }
}
