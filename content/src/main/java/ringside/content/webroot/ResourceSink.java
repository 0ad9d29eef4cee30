package ringside.content.webroot;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Where resources come in: a rule for a path beats a file there, and a mount hides what the tree has below
/// its prefix. One thread.
final class ResourceSink {

    private final WebrootWriter writer;
    private final BuildTally tally;
    private final Set<String> ruled = new HashSet<>();
    private final Set<String> mounted = new HashSet<>();

    ResourceSink(WebrootWriter writer, BuildTally tally, BuildPlan plan) {
        this.writer = writer;
        this.tally = tally;
        plan.redirects().forEach(rule -> ruled.add(rule.path()));
        plan.mounts().keySet().forEach(prefix -> mounted.add(prefix + "/"));
    }

    /// Whether a mount takes the place of the directory with this path, which ends in a slash.
    boolean isMount(PathBuffer path) {
        return !mounted.isEmpty() && mounted.contains(path.toString());
    }

    /// The names of mounts directly below a directory.
    Set<String> mountsIn(PathBuffer directory) {
        Set<String> names = new HashSet<>();
        String above = mounted.isEmpty() ? "" : directory.toString();
        for (String prefix : mounted) {
            String rest = prefix.startsWith(above) ? prefix.substring(above.length()) : "";
            if (rest.indexOf('/') == rest.length() - 1 && rest.length() > 1) {
                names.add(rest.substring(0, rest.length() - 1));
            }
        }
        return names;
    }

    /// Whether no rule has this path. Ask before anything is stored for it.
    boolean isFree(PathBuffer path) {
        boolean taken = !ruled.isEmpty() && ruled.contains(path.toString());
        if (taken) {
            tally.observer().note("what is at " + path + " is not reachable there: a redirect rule has its path.");
        }
        return !taken;
    }

    void file(PathBuffer path, StoredFile file) {
        writer.file(
                path.bytes(),
                path.length(),
                file.body(),
                file.mediaType(),
                file.mtimeSeconds(),
                file.encodings(),
                file.variants());
    }

    void slashMissing(PathBuffer path) {
        writer.slashMissing(path.bytes(), path.length());
    }

    void forbidden(PathBuffer path) {
        writer.forbidden(path.bytes(), path.length());
    }

    void redirect(PathBuffer path, int status, String location) {
        writer.redirect(path.bytes(), path.length(), status, location);
    }

    void rule(RedirectRule rule) {
        byte[] path = rule.path().getBytes(StandardCharsets.UTF_8);
        writer.redirect(path, path.length, rule.status(), rule.location());
    }
}
