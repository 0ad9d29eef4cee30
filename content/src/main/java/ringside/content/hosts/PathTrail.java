package ringside.content.hosts;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import ringside.linux.Kernel;
import ringside.linux.OpenFiles;
import ringside.linux.SymbolicLinks;

/// Goes the way that the kernel goes to a file, links followed (path_resolution(7)), and says which name was looked
/// up in which directory: who hears of a change of any of them hears of every change of where the path leads.
///
/// ```
///   /srv/hosts/example.org, a link to ../builds/now/site.webroot, where now is a link to r42:
///   (/, srv) (/srv, hosts) (/srv/hosts, example.org) (/srv, builds) (/srv/builds, now)
///   (/srv/builds, r42) (/srv/builds/r42, site.webroot)
/// ```
///
/// One thread; lives as long as the arena.
final class PathTrail {

    /// `MAXSYMLINKS` of `linux/namei.h`
    private static final int LINKS_MAX = 40;

    private final SymbolicLinks links;

    /// Told of each step before it is taken: who watches the directory now misses nothing.
    @FunctionalInterface
    interface Visitor {
        /// @param directory absolute, and no link
        void step(String directory, String name);
    }

    PathTrail(Kernel kernel, Arena arena) {
        this.links = new SymbolicLinks(kernel, arena);
    }

    /// @param directory where to start from: absolute, without links
    /// @param path from there
    /// @return where it ends: absolute, without links. As far as it could be followed: what is missing, or goes
    ///     round in circles, is for who opens the path to notice
    String follow(String directory, String path, Visitor visitor) {
        Deque<String> ahead = new ArrayDeque<>();
        String at = push(ahead, path) ? "/" : directory;
        int followed = 0;
        while (!ahead.isEmpty()) {
            String name = ahead.pop();
            if (name.equals("..")) {
                at = at.substring(0, Math.max(1, at.lastIndexOf('/')));
                continue;
            }
            visitor.step(at, name);
            String next = at.endsWith("/") ? at + name : at + "/" + name;
            long length = links.tryRead(OpenFiles.AT_FDCWD, next);
            if (length < 0) {
                at = next;
            } else if (++followed > LINKS_MAX) {
                return next;
            } else if (push(ahead, links.target(length))) {
                at = "/";
            }
        }
        return at;
    }

    /// Puts a path's names before those that are there.
    ///
    /// @return whether it is absolute
    private static boolean push(Deque<String> ahead, String path) {
        for (int end = path.length(); end > 0; ) {
            int from = path.lastIndexOf('/', end - 1) + 1;
            String name = path.substring(from, end);
            if (!name.isEmpty() && !name.equals(".")) {
                ahead.push(name);
            }
            end = from - 1;
        }
        return path.startsWith("/");
    }
}
