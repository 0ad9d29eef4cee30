package ringside.content;

import java.util.List;

/// How a directory is served.
///
/// @param indexNames what answers for a directory, the first that is there: names of files, without a slash; may
///     be none
/// @param listings whether a directory without an index is listed; else 403
/// @param specialFiles whether files are served whose length can't be told before they are read, as those of proc(5)
///     and sysfs(5), and block devices; else the former are what their length says, and the latter aren't there
/// @param precompressed whether files have the coded forms that stand beside them, see [SiblingForms]
public record DirectorySettings(
        List<String> indexNames, boolean listings, boolean specialFiles, boolean precompressed) {

    /// The names that `ringside mkroot` takes too.
    public static final List<String> INDEX_NAMES_DEFAULT = List.of("index.html", "default.html");

    public static final DirectorySettings DEFAULT = new DirectorySettings(INDEX_NAMES_DEFAULT, false, false, false);

    public DirectorySettings {
        indexNames = List.copyOf(indexNames);
        for (String name : indexNames) {
            if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("'" + name + "' can't be an index: name a file, as index.html");
            }
        }
    }

    public DirectorySettings withListings(boolean listings) {
        return new DirectorySettings(indexNames, listings, specialFiles, precompressed);
    }

    public DirectorySettings withIndexNames(List<String> indexNames) {
        return new DirectorySettings(indexNames, listings, specialFiles, precompressed);
    }

    public DirectorySettings withSpecialFiles(boolean specialFiles) {
        return new DirectorySettings(indexNames, listings, specialFiles, precompressed);
    }

    public DirectorySettings withPrecompressed(boolean precompressed) {
        return new DirectorySettings(indexNames, listings, specialFiles, precompressed);
    }
}
