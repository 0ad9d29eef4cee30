package ringside.content.webroot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import ringside.content.Encoding;

/// What is to become of a tree.
///
/// @param root the directory
/// @param output the webroot to write or replace
/// @param hidden whether names that begin with a dot are taken
/// @param listings whether a directory without an index gets a listing; if not, it is forbidden
/// @param skipBadLinks whether symbolic links that lead nowhere, out of the tree or in circles are left out;
///     if not, the build fails at the first
/// @param mtimeSeconds of all resources, since 1970; empty: of each file's own
/// @param encodings the compressed forms to store, where they are smaller
/// @param compressMinBytes what is shorter isn't compressed
/// @param errorPages by status, 400 to 599: paths of files below `root`
/// @param redirects no two from the same path
/// @param mounts by prefix, which begins with a slash and has none at its end: directories or webroots
public record BuildPlan(
        Path root,
        Path output,
        boolean hidden,
        boolean listings,
        boolean skipBadLinks,
        OptionalLong mtimeSeconds,
        Set<Encoding> encodings,
        long compressMinBytes,
        Map<Integer, String> errorPages,
        List<RedirectRule> redirects,
        Map<String, Path> mounts) {

    public static final long COMPRESS_MIN_BYTES_DEFAULT = 1024;

    public BuildPlan {
        encodings = encodings.isEmpty() ? Set.of() : EnumSet.copyOf(encodings);
        errorPages = new TreeMap<>(errorPages);
        redirects = List.copyOf(redirects);
        mounts = new TreeMap<>(mounts);
        if (compressMinBytes < 0) {
            throw new IllegalArgumentException("compress from " + compressMinBytes + " bytes on: at least 0");
        }
        for (Map.Entry<Integer, String> page : errorPages.entrySet()) {
            if (page.getKey() < 400 || page.getKey() > 599) {
                throw new IllegalArgumentException(
                        "an error page for status " + page.getKey() + ": choose from 400 to 599");
            }
            if (page.getValue().isEmpty()) {
                throw new IllegalArgumentException("an error page for status " + page.getKey() + " without a file");
            }
        }
        Set<String> from = new HashSet<>();
        for (RedirectRule rule : redirects) {
            if (!from.add(rule.path())) {
                throw new IllegalArgumentException("two redirects from " + rule.path() + ": keep one");
            }
        }
        for (String prefix : mounts.keySet()) {
            if (!prefix.matches("(/[^/\0]+)+") || prefix.matches(".*/\\.{1,2}(/.*)?")) {
                throw new IllegalArgumentException("a mount at '" + prefix
                        + "': a prefix begins with a slash and doesn't end in one, as in /docs/api");
            }
        }
    }

    /// A plan with everything else as a user would expect it.
    public static Builder builder(Path root, Path output) {
        return new Builder(root, output);
    }

    /// Collects a plan. One thread.
    public static final class Builder {
        private final Path root;
        private final Path output;
        private boolean hidden;
        private boolean listings = true;
        private boolean skipBadLinks;
        private OptionalLong mtimeSeconds = OptionalLong.empty();
        private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        private long compressMinBytes = COMPRESS_MIN_BYTES_DEFAULT;
        private final Map<Integer, String> errorPages = new TreeMap<>();
        private final List<RedirectRule> redirects = new ArrayList<>();
        private final Map<String, Path> mounts = new TreeMap<>();

        private Builder(Path root, Path output) {
            this.root = root;
            this.output = output;
        }

        public Builder hidden(boolean taken) {
            hidden = taken;
            return this;
        }

        public Builder listings(boolean generated) {
            listings = generated;
            return this;
        }

        public Builder skipBadLinks(boolean skipped) {
            skipBadLinks = skipped;
            return this;
        }

        public Builder mtime(long seconds) {
            mtimeSeconds = OptionalLong.of(seconds);
            return this;
        }

        public Builder compress(Collection<Encoding> wanted, long minBytes) {
            encodings.addAll(wanted);
            compressMinBytes = minBytes;
            return this;
        }

        public Builder errorPage(int status, String path) {
            errorPages.put(status, path);
            return this;
        }

        public Builder redirect(RedirectRule rule) {
            redirects.add(rule);
            return this;
        }

        /// @param file a rule a line, `/old /new [status]`; empty lines and those that begin with `#` don't
        ///     count
        /// @throws IllegalArgumentException for a line that is none, with its number
        public Builder redirects(Path file) throws IOException {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                try {
                    redirects.add(RedirectRule.parseLine(line));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
                }
            }
            return this;
        }

        public Builder mount(String prefix, Path source) {
            if (mounts.put(prefix, source) != null) {
                throw new IllegalArgumentException("two mounts at " + prefix + ": keep one");
            }
            return this;
        }

        public BuildPlan build() {
            return new BuildPlan(
                    root,
                    output,
                    hidden,
                    listings,
                    skipBadLinks,
                    mtimeSeconds,
                    encodings,
                    compressMinBytes,
                    errorPages,
                    redirects,
                    mounts);
        }
    }
}
