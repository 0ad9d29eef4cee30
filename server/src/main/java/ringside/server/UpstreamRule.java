package ringside.server;

import java.nio.file.Path;
import java.util.Optional;

/// Which requests an application answers, and how it is spoken to.
///
/// @param protocol what it speaks
/// @param prefix of the paths that are its own, by whole segments: `/app` is that of `/app` and `/app/x`, not of
///     `/apple`; `/` is that of all. The longest one counts
/// @param address where it listens
/// @param scripts the directory of its scripts as the application sees it, for one that runs a file for each path as
///     PHP does: `prefix/x.php` is `scripts/x.php`
public record UpstreamRule(UpstreamProtocol protocol, String prefix, UpstreamAddress address, Optional<Path> scripts) {

    public UpstreamRule {
        if (!prefix.startsWith("/") || prefix.contains("//") || (prefix.length() > 1 && prefix.endsWith("/"))) {
            throw new IllegalArgumentException("the prefix '" + prefix
                    + "' is no path: write '/app', with a slash before each segment and none at the end");
        }
        if (scripts.isPresent() && !scripts.get().isAbsolute()) {
            throw new IllegalArgumentException("the directory of scripts '" + scripts.get()
                    + "' isn't absolute: the application may have another working directory");
        }
    }

    /// Reads `/app=unix:/run/app.sock`.
    ///
    /// @throws IllegalArgumentException with a message for a person
    public static UpstreamRule parse(UpstreamProtocol protocol, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no prefix and address: write /app=unix:/run/app.sock");
        }
        return new UpstreamRule(
                protocol,
                text.substring(0, equals),
                UpstreamAddress.parse(text.substring(equals + 1)),
                Optional.empty());
    }

    public UpstreamRule withScripts(Path directory) {
        return new UpstreamRule(protocol, prefix, address, Optional.of(directory));
    }
}
