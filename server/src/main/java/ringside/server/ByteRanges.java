package ringside.server;

/// The ranges that a request asks for, RFC 9110 §14.1 and §14.2, brought down to those that are sent.
///
/// No set costs more than the whole file does (§17.15): one with more than [#RANGES_MAX] ranges is ignored, and ranges
/// that overlap, or are apart by less than the lines around a part take, become one, at the place of the first of them.
///
/// Belongs to one event loop; what was read holds until the next [#read]. Allocates nothing.
final class ByteRanges {

    /// What a field came to.
    enum Outcome {
        /// As if it weren't there: another unit, not well-formed, too many, or none of an empty file.
        IGNORED,
        UNSATISFIABLE,
        SATISFIABLE
    }

    static final int RANGES_MAX = 16;
    /// About what a part costs beside its content.
    static final int GAP_BYTES = 80;

    private static final long NO_NUMBER = -1;
    private static final byte[] BYTES = Octets.ascii("bytes");

    private final long[] firsts = new long[RANGES_MAX];
    private final long[] lasts = new long[RANGES_MAX];
    private int count;

    private byte[] octets = {};
    private int position;
    private int limit;
    /// Whether the end of the file was asked for.
    private boolean suffixSeen;

    /// How many are to be sent.
    int count() {
        return count;
    }

    long first(int range) {
        return firsts[range];
    }

    /// The position of its last byte.
    long last(int range) {
        return lasts[range];
    }

    long lengthBytes(int range) {
        return lasts[range] - firsts[range] + 1;
    }

    /// Reads `Range`.
    ///
    /// @param lengthBytes of the file
    Outcome read(byte[] octets, FieldLines lines, long lengthBytes) {
        count = 0;
        suffixSeen = false;
        if (lines.count() != 1) {
            return Outcome.IGNORED;
        }
        this.octets = octets;
        limit = lines.to(0);
        int equals = Octets.indexOf(octets, lines.from(0), limit, (byte) '=');
        if (equals == limit || !Octets.equalsIgnoreCase(octets, lines.from(0), equals, BYTES)) {
            return Outcome.IGNORED;
        }
        position = equals + 1;
        int specs = 0;
        while (skipToElement()) {
            if (++specs > RANGES_MAX || !readSpec(lengthBytes)) {
                count = 0;
                return Outcome.IGNORED;
            }
        }
        if (count > 0) {
            return Outcome.SATISFIABLE;
        }
        // Nothing of an empty file can be named in a Content-Range: asked for its end, it is sent whole.
        return specs == 0 || (lengthBytes == 0 && suffixSeen) ? Outcome.IGNORED : Outcome.UNSATISFIABLE;
    }

    /// Over blanks and commas: a list may have empty elements (RFC 9110 §5.6.1.2).
    private boolean skipToElement() {
        while (position < limit && (octets[position] == ',' || octets[position] == ' ' || octets[position] == '\t')) {
            position++;
        }
        return position < limit;
    }

    /// Reads `first-last`, `first-` or `-length`.
    ///
    /// @return whether it is one of them
    private boolean readSpec(long lengthBytes) {
        long first = number();
        if (position == limit || octets[position] != '-') {
            return false;
        }
        position++;
        long last = number();
        position = Octets.skipBlanks(octets, position, limit);
        if ((position < limit && octets[position] != ',') || (first == NO_NUMBER && last == NO_NUMBER)) {
            return false;
        }
        if (first == NO_NUMBER) {
            suffixSeen |= last > 0;
            add(Math.max(0, lengthBytes - last), lengthBytes - 1);
        } else if (last == NO_NUMBER) {
            add(first, lengthBytes - 1);
        } else if (last < first) {
            return false;
        } else {
            add(first, Math.min(last, lengthBytes - 1));
        }
        return true;
    }

    /// @return [#NO_NUMBER] if there is no digit; the largest long for what is larger
    private long number() {
        long value = NO_NUMBER;
        while (position < limit && octets[position] >= '0' && octets[position] <= '9') {
            int digit = octets[position++] - '0';
            long before = Math.max(value, 0);
            value = before > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : 10 * before + digit;
        }
        return value;
    }

    /// Adds a range, unless nothing is in it, and makes one of it and all that it touches.
    private void add(long first, long last) {
        if (first > last) {
            return;
        }
        long from = first;
        long to = last;
        int place = count;
        for (int i = 0; i < count; ) {
            if (from - GAP_BYTES <= lasts[i] + 1 && firsts[i] - GAP_BYTES <= to + 1) {
                from = Math.min(from, firsts[i]);
                to = Math.max(to, lasts[i]);
                place = Math.min(place, i);
                remove(i);
                // What it has grown by may touch one that it didn't before.
                i = 0;
            } else {
                i++;
            }
        }
        insert(Math.min(place, count), from, to);
    }

    private void remove(int range) {
        count--;
        System.arraycopy(firsts, range + 1, firsts, range, count - range);
        System.arraycopy(lasts, range + 1, lasts, range, count - range);
    }

    private void insert(int range, long first, long last) {
        System.arraycopy(firsts, range, firsts, range + 1, count - range);
        System.arraycopy(lasts, range, lasts, range + 1, count - range);
        firsts[range] = first;
        lasts[range] = last;
        count++;
    }
}
