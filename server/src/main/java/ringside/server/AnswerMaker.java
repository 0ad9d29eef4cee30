package ringside.server;

/// Makes one answer whose length or whose head isn't known when the request has been read: from a directory's
/// entries, through a compressor, by another server.
///
/// ```
///            start                                    end or breakOff
///   made ───────────► at work ──────────────────────────────────────────► done
///                        │  cancel           nothing held any more          ▲
///                        └──────────► cancelling ───────────────────────────┘
/// ```
///
/// Everything is called on the connection's event loop, and mustn't wait there: work that can is done on another
/// thread, which hands its results to the loop. Each start is answered by exactly one [MadeAnswer#end()] or
/// [MadeAnswer#breakOff()], after which the maker holds nothing of the server's: no descriptor, no buffer, no
/// running thread.
interface AnswerMaker {

    /// Begins. The answer may be given from within, whole or in part.
    ///
    /// @param answer where it goes
    void start(MadeAnswer answer);

    /// Where the body of the request goes. It is thrown away, unless somebody is named here. Asked once, before the
    /// start; what has been read of the body is given after it.
    default BodySink body() {
        return BodySink.DRAIN;
    }

    /// The client has taken enough of what was written, after a [MadeAnswer#write] that returned false.
    void moreWanted();

    /// Nobody wants the answer any more: the client has gone, or the server is closing. What is still written is
    /// thrown away. The end is still to be said, from within this call or later. Called at most once.
    void cancel();
}
