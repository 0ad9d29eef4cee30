package ringside.bench.peer;

import java.nio.file.Path;

/// What a peer is to serve, and from where, in one start.
///
/// @param root the directory to serve, absolute
/// @param workDirectory for its configuration, its pid file and its temporary files; absolute, private to this
///     start
/// @param port on 127.0.0.1
/// @param connections how many it must be able to hold at once
public record PeerSettings(Path root, Path workDirectory, int port, int connections) {

    /// Descriptors beside those of the connections: listeners, logs, epoll, the cache of open files.
    static final int OTHER_DESCRIPTORS = 1024;

    /// Open files that a peer may keep: as many as our server does for each event loop
    /// (`ServerConfig.CACHE_ENTRIES_DEFAULT`).
    static final int OPEN_FILES = 1024;

    public PeerSettings {
        check(root);
        check(workDirectory);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port);
        }
        if (connections < 1) {
            throw new IllegalArgumentException(connections + " connections");
        }
    }

    /// The user that serves. A master started by root would hand over to `nobody`, who can't read a private
    /// directory.
    static String user() {
        return System.getProperty("user.name", "root");
    }

    static boolean isRoot() {
        return user().equals("root");
    }

    /// Configuration languages differ in what they make of quotes, backslashes and dollars, and nginx has no
    /// way to write a dollar: such paths are refused instead of guessed at.
    private static void check(Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("path " + path + " isn't absolute");
        }
        String text = path.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\'' || c == '\\' || c == '$' || c == '{' || c == '}' || c == ';') {
                throw new IllegalArgumentException("the path " + text + " has the character '" + c
                        + "', which can't be written in every peer's configuration: use a directory without it");
            }
        }
    }
}
