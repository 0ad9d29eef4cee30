package ringside.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import ringside.content.DirectorySettings;
import ringside.content.webroot.RedirectRule;
import ringside.server.ContentOptions;
import ringside.server.ErrorPages;

/// The options of `ringside serve` about what it makes of its content.
final class SiteOptions {

    @Option(
            names = "--list",
            description =
                    "List directories without an index: HTML, or JSON to who accepts that rather; names that begin"
                            + " with a dot are left out (default: 403. A directory may hold what nobody meant to show.)")
    private boolean list;

    @Option(
            names = "--index",
            paramLabel = "NAME",
            split = ",",
            description = "Files that answer for their directory, the first that is there (default:"
                    + " index.html,default.html).")
    private List<String> indexNames = DirectorySettings.INDEX_NAMES_DEFAULT;

    @Option(
            names = "--mount",
            paramLabel = "/PREFIX=DIR|WEBROOT",
            description = "Serve another directory or webroot at a prefix; the longest prefix of whole segments counts."
                    + " Repeatable.")
    private List<String> mounts = List.of();

    @Option(
            names = "--redirect",
            paramLabel = "/OLD=/NEW[,STATUS]",
            description = "Answer a path with a redirect: 301 unless 302, 303, 307 or 308 is given. /NEW may be a URL."
                    + " Repeatable.")
    private List<String> redirects = List.of();

    @Option(
            names = "--error-page",
            paramLabel = "STATUS=/PATH",
            description = "Answer errors of this status, or class, with a file of the content: 404=/404.html,"
                    + " 5xx=/sorry.html. Repeatable.")
    private List<String> errorPages = List.of();

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            defaultValue = "",
            description = "What stands before the paths outside, for use behind a proxy: /files, or"
                    + " https://example.org/files. Redirects and listings name it.")
    private String baseUrl = "";

    @Option(
            names = "--special-files",
            description = "Serve files whose length is known only when they are read, as those of /proc and /sys, and"
                    + " block devices.")
    private boolean specialFiles;

    /// @throws IllegalArgumentException for what can't be; says what to write instead
    ContentOptions content() {
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
        return ContentOptions.PLAIN
                .withDirectories(new DirectorySettings(indexNames, list, specialFiles, false))
                .withMounts(mounted)
                .withRedirects(redirects.stream().map(RedirectRule::parse).toList())
                .withErrorPages(ErrorPages.parse(errorPages))
                .withBaseUrl(baseUrl);
    }
}
