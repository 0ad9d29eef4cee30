package ringside.server;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ringside.content.DirectorySettings;
import ringside.content.MountPoint;
import ringside.content.webroot.RedirectRule;

/// What a server makes of the content that it has.
///
/// @param directories how directories are served, the mounted ones too
/// @param mounts directories and webroots by the prefix that they are mounted at: `/docs`
/// @param redirects for exactly their paths; before everything else
/// @param errorPages for answers that say no
/// @param baseUrl what stands before the paths for those who look from outside, behind a proxy that takes it away:
///     a path as `/files`, or a URL as `https://example.org/files`; without a slash at its end; empty for nothing
/// @param compression of what is sent; empty = none
public record ContentOptions(
        DirectorySettings directories,
        Map<String, Path> mounts,
        List<RedirectRule> redirects,
        ErrorPages errorPages,
        String baseUrl,
        Optional<Compression> compression) {

    public static final ContentOptions PLAIN =
            new ContentOptions(DirectorySettings.DEFAULT, Map.of(), List.of(), ErrorPages.NONE, "", Optional.empty());

    public ContentOptions {
        mounts = Collections.unmodifiableMap(new LinkedHashMap<>(mounts));
        mounts.keySet().forEach(MountPoint::requirePrefix);
        redirects = List.copyOf(redirects);
        requireBase(baseUrl);
    }

    private static void requireBase(String baseUrl) {
        boolean right = baseUrl.isEmpty()
                || baseUrl.matches("(https?://[A-Za-z0-9.:\\[\\]-]+)?(/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)*");
        if (!right) {
            throw new IllegalArgumentException("'" + baseUrl + "' can't stand before a path: write /files or"
                    + " https://example.org/files, without a slash at its end");
        }
    }

    public ContentOptions withDirectories(DirectorySettings directories) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, compression);
    }

    public ContentOptions withMounts(Map<String, Path> mounts) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, compression);
    }

    public ContentOptions withRedirects(List<RedirectRule> redirects) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, compression);
    }

    public ContentOptions withErrorPages(ErrorPages errorPages) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, compression);
    }

    public ContentOptions withBaseUrl(String baseUrl) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, compression);
    }

    public ContentOptions withCompression(Compression compression) {
        return new ContentOptions(directories, mounts, redirects, errorPages, baseUrl, Optional.of(compression));
    }
}
