package ringside.bench.verify;

/// What was done to one pair, and what came back.
///
/// @param responses checked to their end, of any status
/// @param bodyBytes compared
/// @param pipelined of the responses, those that were asked for while others were under way
/// @param aborts connections that the client ended in the middle of an answer
/// @param stalls times that a client stopped reading for a while
/// @param trickles answers read in little pieces
/// @param halves connections that ended in the middle of a request
/// @param absent of the responses, those about a path that isn't there
/// @param cut answers that ended early since their file was cut off: right bytes up to there
/// @param refused of the responses, errors in the place of a file that was cut off
/// @param zeroedBytes of the bytes, those behind the end of a file that was cut off, which the kernel had cleared
/// @param changes of files, while they were served
public record Counts(
        long responses,
        long bodyBytes,
        long pipelined,
        long aborts,
        long stalls,
        long trickles,
        long halves,
        long absent,
        long cut,
        long refused,
        long zeroedBytes,
        long changes) {

    static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
