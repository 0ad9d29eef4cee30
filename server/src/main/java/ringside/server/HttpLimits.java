package ringside.server;

/// What one client may cost.
///
/// @param headBytesMax of a request's line and fields together; more is answered 431
/// @param targetBytesMax of the request target; more is answered 414
/// @param bodyBytesMax of a request's body; more is answered 413
/// @param pipelinedBytesMax of requests that wait for the answer before them, or of a body that waits to be taken;
///     then reading stops
/// @param headSeconds for a request's head to arrive once it has begun; then 408
/// @param bodySeconds for a request's body to arrive, and a second more for each KiB that has; then 408. The time
///     while nobody would take it doesn't count
/// @param idleSeconds for which nothing may move in either direction; then the connection is closed
/// @param lingerSeconds for which a refused client may go on sending before it is cut off
/// @param requestsMax after so many requests a connection is closed; 0 = any number
public record HttpLimits(
        int headBytesMax,
        int targetBytesMax,
        long bodyBytesMax,
        int pipelinedBytesMax,
        int headSeconds,
        int bodySeconds,
        int idleSeconds,
        int lingerSeconds,
        int requestsMax) {

    public static final HttpLimits DEFAULT = new HttpLimits(16 << 10, 8 << 10, 1 << 20, 64 << 10, 30, 60, 60, 5, 0);

    public HttpLimits {
        if (targetBytesMax < 1 || headBytesMax < targetBytesMax + 64 || pipelinedBytesMax < headBytesMax) {
            throw new IllegalArgumentException("limits that leave no room: target " + targetBytesMax + " bytes, head "
                    + headBytesMax + ", pipelined " + pipelinedBytesMax
                    + ": a head holds the target and at least 64 bytes more, and the pipeline a head");
        }
        if (bodyBytesMax < 0 || requestsMax < 0) {
            throw new IllegalArgumentException("limits out of range: body " + bodyBytesMax + " bytes, " + requestsMax
                    + " requests: choose at least 0");
        }
        if (headSeconds < 1 || bodySeconds < 1 || idleSeconds < 1 || lingerSeconds < 1) {
            throw new IllegalArgumentException("times out of range: head " + headSeconds + " s, body " + bodySeconds
                    + " s, idle " + idleSeconds + " s, linger " + lingerSeconds + " s: choose at least 1 s");
        }
    }
}
