package ringside.server;

/// Lists of entity tags, RFC 9110 §8.8.3 and §13.1: `"a", W/"b"`, or `*`. Allocates nothing.
final class EntityTags {

    private EntityTags() {}

    /// Whether a tag is in a list, or the list is `*`, which any representation matches. What isn't well-formed
    /// matches nothing.
    ///
    /// @param lines of the field
    /// @param tag quoted, with `W/` in front if it is weak; empty if there is none
    /// @param strongly whether both must be strong (RFC 9110 §8.8.3.2), as for `If-Match`
    static boolean match(byte[] octets, FieldLines lines, String tag, boolean strongly) {
        for (int line = 0; line < lines.count(); line++) {
            if (match(octets, lines.from(line), lines.to(line), tag, strongly)) {
                return true;
            }
        }
        return false;
    }

    private static boolean match(byte[] octets, int from, int to, String tag, boolean strongly) {
        if (to - from == 1 && octets[from] == '*') {
            return true;
        }
        int p = from;
        while (p < to) {
            p = Octets.skipBlanks(octets, p, to);
            int end = elementEnd(octets, p, to);
            if (isSame(octets, p, Octets.trimBlanks(octets, p, end), tag, strongly)) {
                return true;
            }
            p = end + 1;
        }
        return false;
    }

    /// The comma after the element, past one that is quoted: a tag may hold commas.
    private static int elementEnd(byte[] octets, int from, int to) {
        int comma = Octets.indexOf(octets, from, to, (byte) ',');
        int quote = Octets.indexOf(octets, from, to, (byte) '"');
        if (quote > comma) {
            return comma;
        }
        int close = Octets.indexOf(octets, Math.min(quote + 1, to), to, (byte) '"');
        return Octets.indexOf(octets, close, to, (byte) ',');
    }

    /// Whether the one tag from `from` to `to` is `tag`.
    static boolean isSame(byte[] octets, int from, int to, String tag, boolean strongly) {
        int ours = tag.startsWith("W/") ? 2 : 0;
        int theirs = to - from > 2 && octets[from] == 'W' && octets[from + 1] == '/' ? from + 2 : from;
        if (tag.isEmpty() || to - theirs != tag.length() - ours || (strongly && (ours > 0 || theirs > from))) {
            return false;
        }
        for (int i = ours; i < tag.length(); i++) {
            if (octets[theirs + i - ours] != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
