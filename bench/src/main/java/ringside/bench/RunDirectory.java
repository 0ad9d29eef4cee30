package ringside.bench;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/// Makes the directory of a run: `results/local/20260131-235900-name`, with `-2` and so on behind it when that
/// second has one of the same name already.
final class RunDirectory {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final int SAME_SECOND_MAX = 100;

    private RunDirectory() {}

    /// @return the directory, absolute, existing, empty
    /// @throws IOException a sentence for a person when it can't be made or written to
    static Path create(Path resultsDirectory, String name, LocalDateTime now) throws IOException {
        Path parent = resultsDirectory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(parent);
            String wanted = STAMP.format(now) + "-" + name;
            for (int i = 1; i <= SAME_SECOND_MAX; i++) {
                try {
                    return Files.createDirectory(parent.resolve(i == 1 ? wanted : wanted + "-" + i))
                            .toRealPath();
                } catch (FileAlreadyExistsException e) {
                    if (i == SAME_SECOND_MAX) {
                        throw e;
                    }
                }
            }
            throw new IllegalStateException("the loop above returns or throws");
        } catch (IOException e) {
            throw new IOException(
                    "no results can be written to " + parent + ": " + reason(e)
                            + ". Name another results directory (--results)",
                    e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException exists) {
            return exists.getFile() + " is in the way, a file and not a directory";
        }
        if (e instanceof FileSystemException failed) {
            String reason = failed.getReason();
            String what = e instanceof java.nio.file.AccessDeniedException ? "permission denied" : reason;
            return (what == null ? e.getClass().getSimpleName() : what) + " at " + failed.getFile();
        }
        return String.valueOf(e.getMessage());
    }
}
