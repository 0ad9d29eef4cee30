package ringside.loadtest;

/// What went wrong in the measured window, by kind. A request counts under one kind at most.
///
/// @param connect connections that couldn't be opened
/// @param timeout requests that had no whole answer within the plan's timeout
/// @param reset connections reset, or closed before the first byte of an answer on a fresh connection
/// @param shortBody connections closed before the answer was whole
/// @param status1xx answers `101 Switching Protocols`, which nobody asked for (other 1xx are skipped as HTTP has it)
/// @param status3xx whole answers with such a status
/// @param status4xx whole answers with such a status
/// @param status5xx whole answers with such a status
/// @param wrongLength answers of a 2xx status whose length isn't the target's
/// @param wrongChecksum sampled bodies of the right length with other bytes
/// @param malformed answers that aren't HTTP/1.x
/// @param queueOverflow requests of an open loop that came due with the queue of waiting requests full: never sent
public record LoadErrors(
        long connect,
        long timeout,
        long reset,
        long shortBody,
        long status1xx,
        long status3xx,
        long status4xx,
        long status5xx,
        long wrongLength,
        long wrongChecksum,
        long malformed,
        long queueOverflow) {

    /// Nothing went wrong.
    public static final LoadErrors NONE = new LoadErrors(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// All kinds together. A method, not a component: the JSON doesn't carry it.
    public long total() {
        return connect
                + timeout
                + reset
                + shortBody
                + status1xx
                + status3xx
                + status4xx
                + status5xx
                + wrongLength
                + wrongChecksum
                + malformed
                + queueOverflow;
    }
}
