package ringside.bench.result;

import java.io.IOException;
import java.nio.file.Path;

/// A run's directory that can't be used; the message says what is wrong and what to do.
public final class UnreadableRunException extends IOException {
    UnreadableRunException(String message) {
        super(message);
    }

    /// There is no such directory.
    public static UnreadableRunException noDirectory(Path directory) {
        return new UnreadableRunException(
                "there is no directory " + directory + ": give one that `ringside bench` named at its end");
    }

    UnreadableRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
