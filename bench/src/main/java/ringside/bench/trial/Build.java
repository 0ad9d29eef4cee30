package ringside.bench.trial;

import java.nio.file.Path;

/// Which ringside serves.
public sealed interface Build {

    /// The one that runs the bench.
    record Own() implements Build {}

    /// Another one's jar.
    ///
    /// @param path absolute
    /// @param sha256 of its content when the run began, in hexadecimal
    record Jar(Path path, String sha256) implements Build {}

    /// Another one, built from its source.
    ///
    /// @param hash of the commit, in full
    /// @param jar what its build makes
    record Commit(String hash, Path jar) implements Build {}

    /// As results name it; empty for the own one.
    default String text() {
        return switch (this) {
            case Own _ -> "";
            case Jar(Path path, String sha256) -> "jar:" + path + ", sha-256 " + sha256;
            case Commit(String hash, Path _) -> "commit:" + hash;
        };
    }
}
