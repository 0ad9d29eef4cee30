package ringside.cli;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import ringside.content.DirectorySettings;
import ringside.server.Compression;
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

    @Mixin
    private TreeOptions tree = new TreeOptions();

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
            names = "--compress",
            paramLabel = "ENCODING",
            split = ",",
            description = "Compress text and the like while it is sent, for who likes it: gzip, br, zstd, the most"
                    + " preferred first (default: none. It costs far more than sending; 'ringside mkroot --compress'"
                    + " stores the compressed forms, and --precompressed takes those beside the files: they go first.)")
    private List<String> encodings = List.of();

    @Option(
            names = "--compress-min",
            paramLabel = "BYTES",
            defaultValue = Compression.BYTES_MIN_DEFAULT + "",
            description = "Don't compress files that are shorter (default: ${DEFAULT-VALUE}).")
    private long compressMinBytes;

    @Option(
            names = "--special-files",
            description = "Serve files whose length is known only when they are read, as those of /proc and /sys, and"
                    + " block devices.")
    private boolean specialFiles;

    /// @throws IllegalArgumentException for what can't be; says what to write instead
    ContentOptions content() {
        ContentOptions content = ContentOptions.PLAIN
                .withDirectories(new DirectorySettings(indexNames, list, specialFiles, false))
                .withMounts(tree.mounts())
                .withRedirects(tree.redirects())
                .withErrorPages(ErrorPages.parse(errorPages))
                .withBaseUrl(baseUrl);
        return encodings.isEmpty() ? content : content.withCompression(Compression.of(encodings, compressMinBytes));
    }
}
