package ringside.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a file that an option names can be written, told before the work and not after it.
final class WritableFile {

    private WritableFile() {}

    /// @throws IOException a sentence
    static void require(String option, Path path) throws IOException {
        Path file = path.toAbsolutePath();
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException(option + " " + path + ": there is no directory " + directory + ". Make it first.");
        }
        if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : directory)) {
            throw new IOException(option + " " + path + " can't be written. Name a file that this user may write.");
        }
    }
}
