package ringside.engines;

/// Learns how a transfer ended. Called on the event loop, once per start.
///
/// It may start the next transfer from within. A transfer can end before its start returns, and then the two
/// nest: a listener with a queue of any length starts from a loop of its own, or bounds how many it starts in a
/// row.
@FunctionalInterface
public interface TransferListener {

    /// @param status [Transfer#DONE], [Transfer#SHRANK], [Transfer#CANCELLED], or a negated errno
    /// @param headWritten whether anything was written to the channel: if not, another answer can still be given;
    ///     if so and the status isn't DONE, the connection must be cut, since the peer was promised more
    void transferEnded(int status, boolean headWritten);
}
