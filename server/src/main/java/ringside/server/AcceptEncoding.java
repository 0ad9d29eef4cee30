package ringside.server;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ringside.content.Encoding;
import ringside.content.ServedFile;

/// Which codings of the content a client takes, and how gladly: `Accept-Encoding`, RFC 9110 §12.5.3.
///
/// Qualities are in thousandths. A client without the field gets the plain form. One that names codings without a word
/// about `identity` takes the plain form too, but any coding it names rather; `identity;q=0`, or `*;q=0` without
/// `identity`, forbids it. What isn't named has the quality of `*`. An element that isn't well-formed is skipped.
///
/// Belongs to one event loop; what was read holds until the next [#read]. Allocates nothing.
final class AcceptEncoding {

    private static final int QUALITY_MAX = 1000;
    private static final int UNNAMED = -1;
    /// Of the plain form that nobody has named: above nothing, below everything.
    private static final int QUALITY_LEAST = 1;

    private static final byte[] IDENTITY = Octets.ascii("identity");
    /// RFC 9110 §8.4.1.3: means gzip.
    private static final byte[] X_GZIP = Octets.ascii("x-gzip");
    private static final Encoding[] ENCODINGS = Encoding.values();
    private static final byte[][] TOKENS =
            Arrays.stream(ENCODINGS).map(e -> Octets.ascii(e.token())).toArray(byte[][]::new);

    private final int[] qualities = new int[ENCODINGS.length];
    private int plainQuality = QUALITY_MAX;

    /// @param octets that the request was parsed from
    /// @param lines of the field
    void read(byte[] octets, FieldLines lines) {
        Arrays.fill(qualities, UNNAMED);
        int plain = UNNAMED;
        int rest = UNNAMED;
        for (int line = 0; line < lines.count(); line++) {
            int to = lines.to(line);
            for (int start = lines.from(line); start < to; ) {
                int end = Octets.indexOf(octets, start, to, (byte) ',');
                int from = Octets.skipBlanks(octets, start, end);
                int nameEnd = Octets.trimBlanks(octets, from, Octets.indexOf(octets, from, end, (byte) ';'));
                int quality = quality(octets, nameEnd, Octets.trimBlanks(octets, from, end));
                if (quality != UNNAMED) {
                    if (nameEnd - from == 1 && octets[from] == '*') {
                        rest = Math.max(rest, quality);
                    } else if (Octets.equalsIgnoreCase(octets, from, nameEnd, IDENTITY)) {
                        plain = Math.max(plain, quality);
                    } else {
                        name(octets, from, nameEnd, quality);
                    }
                }
                start = end + 1;
            }
        }
        for (int i = 0; i < qualities.length; i++) {
            if (qualities[i] == UNNAMED) {
                qualities[i] = Math.max(rest, 0);
            }
        }
        if (lines.isEmpty()) {
            plainQuality = QUALITY_MAX;
        } else {
            plainQuality = plain != UNNAMED ? plain : rest != UNNAMED ? rest : QUALITY_LEAST;
        }
    }

    private void name(byte[] octets, int from, int to, int quality) {
        for (int i = 0; i < TOKENS.length; i++) {
            if (Octets.equalsIgnoreCase(octets, from, to, TOKENS[i])
                    || (ENCODINGS[i] == Encoding.GZIP && Octets.equalsIgnoreCase(octets, from, to, X_GZIP))) {
                qualities[i] = Math.max(qualities[i], quality);
            }
        }
    }

    /// Of a weight such as ` ; q=0.25`, RFC 9110 §12.4.2.
    ///
    /// @return in thousandths; the most if there is no weight, [#UNNAMED] if it is none
    private static int quality(byte[] octets, int from, int to) {
        int p = Octets.skipBlanks(octets, from, to);
        if (p == to) {
            return QUALITY_MAX;
        }
        p = Octets.skipBlanks(octets, p + 1, to);
        if (to - p < 3 || to - p > 7 || (octets[p] | ' ') != 'q' || octets[p + 1] != '=') {
            return UNNAMED;
        }
        int whole = octets[p + 2] - '0';
        boolean fraction = to - p > 3;
        if (whole < 0 || whole > 1 || (fraction && octets[p + 3] != '.')) {
            return UNNAMED;
        }
        int quality = whole * QUALITY_MAX;
        int scale = QUALITY_MAX / 10;
        for (int i = p + 4; i < to; i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return UNNAMED;
            }
            quality += digit * scale;
            scale /= 10;
        }
        return quality > QUALITY_MAX ? UNNAMED : quality;
    }

    /// In thousandths; 0 for one that isn't taken.
    int quality(Encoding encoding) {
        return qualities[Integer.numberOfTrailingZeros(encoding.bit())];
    }

    /// Whether the client takes the plain form.
    boolean acceptsPlain() {
        return plainQuality > 0;
    }

    /// For content that can be coded while it is sent: the coding that the client takes most gladly.
    ///
    /// @param offered the first one first, where the client has no opinion
    /// @return null for the plain form: no coding is as welcome as it is, or none is at all. See [#acceptsPlain()]
    @Nullable
    Encoding preferred(List<Encoding> offered) {
        Encoding best = null;
        int bestQuality = plainQuality;
        for (int i = 0; i < offered.size(); i++) {
            int quality = quality(offered.get(i));
            if (quality > bestQuality) {
                best = offered.get(i);
                bestQuality = quality;
            }
        }
        return best;
    }

    /// For content that is stored in several codings: the one that the client takes most gladly, and among those the
    /// shortest.
    ///
    /// @param plain with its variants
    /// @return null if the client takes none of them
    @Nullable
    ServedFile best(ServedFile plain) {
        ServedFile best = acceptsPlain() ? plain : null;
        int bestQuality = plainQuality;
        for (int i = 0; i < plain.variants().size(); i++) {
            ServedFile variant = plain.variants().get(i);
            int quality = quality(variant.encoding().orElseThrow());
            if (quality > bestQuality
                    || (quality == bestQuality && best != null && variant.lengthBytes() < best.lengthBytes())) {
                best = variant;
                bestQuality = quality;
            }
        }
        return best;
    }
}
