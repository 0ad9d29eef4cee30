package ringside.content.webroot;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/// A path that answers with another place.
///
/// @param path decoded, starting with `/`: exactly this one
/// @param location the value for `Location`: a path, or a URL; visible ASCII, percent-encoded where it must be
/// @param status 301, 302, 303, 307 or 308
public record RedirectRule(String path, String location, int status) {

    public static final int STATUS_DEFAULT = 301;

    public RedirectRule {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a redirect from '" + path + "': the path starts with a slash");
        }
        int lastSegmentBytes = path.substring(path.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8).length;
        if (lastSegmentBytes > Layout.NAME_BYTES_MAX) {
            throw new IllegalArgumentException("a redirect from '" + path + "': its last segment has more than "
                    + Layout.NAME_BYTES_MAX + " bytes");
        }
        if (location.isEmpty() || !location.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(
                    "a redirect to '" + location + "': percent-encode what isn't visible ASCII, and blanks");
        }
        requireTarget(location);
        if (!WebrootEntry.Redirect.isStatus(status)) {
            throw new IllegalArgumentException(
                    "a redirect with status " + status + ": choose 301, 302, 303, 307 or 308");
        }
    }

    /// A browser would make something of other targets too: of a scheme that runs code, for one.
    private static void requireTarget(String location) {
        boolean right = location.startsWith("/") && !location.startsWith("//");
        if (!right) {
            try {
                URI uri = new URI(location);
                right = uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("a redirect to '" + location + "': " + e.getMessage(), e);
            }
        }
        if (!right) {
            throw new IllegalArgumentException("a redirect to '" + location
                    + "': write a path that starts with one slash, or a URL as https://example.org/new");
        }
    }

    /// `/old=/new` or `/old=/new,302`.
    public static RedirectRule parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("'" + text + "' is no redirect: write /old=/new or /old=/new,302");
        }
        String target = text.substring(equals + 1);
        int comma = target.lastIndexOf(',');
        if (comma < 0 || !target.substring(comma + 1).matches("[0-9]{3}")) {
            return new RedirectRule(text.substring(0, equals), target, STATUS_DEFAULT);
        }
        return new RedirectRule(
                text.substring(0, equals), target.substring(0, comma), Integer.parseInt(target.substring(comma + 1)));
    }

    /// A line of a file of rules: `/old /new` or `/old /new 302`, separated by blanks.
    static RedirectRule parseLine(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length < 2 || fields.length > 3 || (fields.length == 3 && !fields[2].matches("[0-9]{3}"))) {
            throw new IllegalArgumentException("'" + line + "' is no redirect: write '/old /new' or '/old /new 302'");
        }
        return new RedirectRule(
                fields[0], fields[1], fields.length == 3 ? Integer.parseInt(fields[2]) : STATUS_DEFAULT);
    }
}
