package ringside.bench.result;

import java.io.IOException;

/// A run's directory that can't be used; the message says what is wrong and what to do.
public final class UnreadableRunException extends IOException {
    UnreadableRunException(String message) {
        super(message);
    }

    UnreadableRunException(String message, Throwable cause) {
        super(message, cause);
    }
}
