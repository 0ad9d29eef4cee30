package ringside.bench.verify;

import java.util.concurrent.locks.LockSupport;

/// Holds an answer against what is known of its file: status, length, and each byte of the body. Belongs to one
/// thread.
final class AnswerCheck {

    /// How a body is read.
    ///
    /// @param stallAt from which byte on the client doesn't read for a while, −1 for never
    /// @param stallNanos for how long
    /// @param stopAt at which byte the client wants no more, −1 for never
    /// @param tricklePieces how many pieces are read with a pause behind each
    record Manner(long stallAt, long stallNanos, long stopAt, int tricklePieces) {
        static final Manner STRAIGHT = new Manner(-1, 0, -1, 0);

        static Manner stopAt(long stopAt) {
            return new Manner(-1, 0, stopAt, 0);
        }
    }

    private static final long TRICKLE_PAUSE_NANOS = 1_000_000;

    private final Wire wire;
    private final Tally tally;

    AnswerCheck(Wire wire, Tally tally) {
        this.wire = wire;
        this.tally = tally;
    }

    /// Reads the answer to `ask`.
    ///
    /// @return whether all of it was read; false when the client has stopped reading as it was told to
    /// @throws Wire.Ended when it isn't as it has to be, or was cut off for a reason that is known
    boolean answer(Ask ask, Manner manner) throws Wire.Ended {
        if (manner.tricklePieces() > 0) {
            wire.readAtMost(16);
        }
        Wire.Head head = wire.head();
        KnownFile file = ask.file();
        boolean whole;
        if (file == null) {
            require(head.status() == 404, "status " + head.status() + " for a path that isn't there");
            require(head.contentLength() >= 0, "no Content-Length");
            whole = ask.headOnly() || text(head);
            tally.absent.increment();
        } else if (head.status() >= 500 && file.changes()) {
            // Cut off just now: there is nothing to send, and the server says so.
            whole = ask.headOnly() || text(head);
            tally.refused.increment();
        } else {
            require(head.status() == 200, "status " + head.status());
            require(head.contentLength() >= 0, "no Content-Length");
            KnownFile.Version version = file.ofLength(head.contentLength());
            if (version == null) {
                throw new Wire.Ended(
                        Finding.Kind.WRONG,
                        "Content-Length is " + head.contentLength() + ", and the file has "
                                + (file.changes()
                                        ? "never had so many bytes"
                                        : file.current().lengthBytes()));
            }
            whole = ask.headOnly() || body(version, 0, head.contentLength(), manner);
        }
        if (whole) {
            tally.responses.increment();
        }
        require(!whole || !head.closes(), "Connection: close, and nobody asked for it");
        return whole;
    }

    /// @param offset in the file, of the first byte of the body: 0 as long as servers send whole files only
    private boolean body(KnownFile.Version version, long offset, long lengthBytes, Manner manner) throws Wire.Ended {
        long done = 0;
        boolean stalled = manner.stallAt() < 0;
        int pieces = manner.tricklePieces();
        while (done < lengthBytes) {
            if (manner.stopAt() >= 0 && done >= manner.stopAt()) {
                return false;
            }
            if (!stalled && done >= manner.stallAt()) {
                stalled = true;
                tally.stalls.increment();
                LockSupport.parkNanos(manner.stallNanos());
            }
            wire.readAtMost(pieces > 0 ? 1 + (int) (done % 97) : Integer.MAX_VALUE);
            int count = wire.available(lengthBytes - done);
            if (count == 0) {
                cut(version, lengthBytes, done);
            }
            compare(version, offset + done, count);
            wire.take(count);
            tally.bytes.add(count);
            done += count;
            if (pieces > 0) {
                pieces--;
                LockSupport.parkNanos(TRICKLE_PAUSE_NANOS);
            }
        }
        return true;
    }

    private void compare(KnownFile.Version version, long position, int count) throws Wire.Ended {
        byte[] bytes = wire.buffer();
        int from = wire.from();
        int end = from + count;
        int at = version.bytes().mismatch(bytes, from, end, position);
        while (at >= 0) {
            long wrongAt = position + at - from;
            if (bytes[at] != 0 || !version.mayBeZero(wrongAt)) {
                throw new Wire.Ended(
                        Finding.Kind.WRONG,
                        "byte " + wrongAt
                                + " is 0x%02x, not 0x%02x"
                                        .formatted(bytes[at], version.bytes().at(wrongAt)));
            }
            tally.zeroed.increment();
            at = version.bytes().mismatch(bytes, at + 1, end, wrongAt + 1);
        }
    }

    private void cut(KnownFile.Version version, long lengthBytes, long done) throws Wire.Ended {
        if (version.mayEndEarly(lengthBytes)) {
            tally.cut.increment();
            throw new Wire.Ended(Finding.Kind.CUT, "");
        }
        throw new Wire.Ended(
                Finding.Kind.CUT,
                "the connection ends, by " + wire.ending() + ", after " + done + " of " + lengthBytes + " bytes");
    }

    /// A body of words, whatever they are.
    private boolean text(Wire.Head head) throws Wire.Ended {
        long left = Math.max(0, head.contentLength());
        while (left > 0) {
            int count = wire.available(left);
            if (count == 0) {
                throw new Wire.Ended(Finding.Kind.CUT, "the connection ends within a text, " + left + " bytes early");
            }
            wire.take(count);
            left -= count;
        }
        return true;
    }

    private static void require(boolean condition, String otherwise) throws Wire.Ended {
        if (!condition) {
            throw new Wire.Ended(Finding.Kind.WRONG, otherwise);
        }
    }
}
