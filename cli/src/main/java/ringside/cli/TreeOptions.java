package ringside.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import ringside.content.webroot.RedirectRule;

/// What `ringside serve` and `ringside mkroot` alike add to a directory.
final class TreeOptions {

    @Option(
            names = "--mount",
            paramLabel = "/PREFIX=DIR|WEBROOT",
            description = "Put another directory or webroot at a prefix; the longest prefix of whole segments counts,"
                    + " and hides what DIR has there. Repeatable.")
    private List<String> mounts = List.of();

    @Option(
            names = "--redirect",
            paramLabel = "/OLD=/NEW[,STATUS]",
            description = "Answer a path with a redirect: 301 unless 302, 303, 307 or 308 is given. /NEW may be a URL."
                    + " Repeatable.")
    private List<String> redirects = List.of();

    /// By prefix, in the order given.
    ///
    /// @throws IllegalArgumentException for what is no mount; says what to write instead
    Map<String, Path> mounts() {
        Map<String, Path> mounted = new LinkedHashMap<>();
        for (String mount : mounts) {
            int equals = mount.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + mount + "' is no mount: write /docs=DIRECTORY-OR-WEBROOT");
            }
            if (mounted.put(mount.substring(0, equals), Path.of(mount.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("two mounts at " + mount.substring(0, equals) + ": choose one");
            }
        }
        return mounted;
    }

    /// @throws IllegalArgumentException for what is no rule; says what to write instead
    List<RedirectRule> redirects() {
        return redirects.stream().map(RedirectRule::parse).toList();
    }
}
