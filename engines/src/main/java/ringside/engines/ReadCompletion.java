package ringside.engines;

/// Learns how a read ended. Called on the event loop.
@FunctionalInterface
public interface ReadCompletion {

    /// @param result bytes appended to the buffer, 0 at the end of the file, or a negated errno
    void readCompleted(int result);
}
