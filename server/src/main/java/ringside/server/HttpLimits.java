package ringside.server;

/// What one client may cost.
///
/// @param headBytesMax of a request's line and fields together; more is answered 431
/// @param targetBytesMax of the request target; more is answered 414
/// @param bodyBytesMax of a request's body, which is read and thrown away; more is answered 413
/// @param pipelinedBytesMax of requests that wait for the answer before them; then reading stops
/// @param headSeconds for a request's head to arrive once it has begun; then 408
/// @param idleSeconds for which nothing may move in either direction; then the connection is closed
/// @param lingerSeconds for which a refused client may go on sending before it is cut off
public record HttpLimits(
        int headBytesMax,
        int targetBytesMax,
        long bodyBytesMax,
        int pipelinedBytesMax,
        int headSeconds,
        int idleSeconds,
        int lingerSeconds) {

    public static final HttpLimits DEFAULT = new HttpLimits(16 << 10, 8 << 10, 1 << 20, 64 << 10, 30, 60, 5);

    public HttpLimits {
        if (targetBytesMax < 1 || headBytesMax < targetBytesMax + 64 || pipelinedBytesMax < headBytesMax) {
            throw new IllegalArgumentException("limits that leave no room: target " + targetBytesMax + ", head "
                    + headBytesMax + ", pipelined " + pipelinedBytesMax);
        }
        if (bodyBytesMax < 0 || headSeconds < 1 || idleSeconds < 1 || lingerSeconds < 1) {
            throw new IllegalArgumentException("limits out of range: body " + bodyBytesMax + ", head " + headSeconds
                    + " s, idle " + idleSeconds + " s, linger " + lingerSeconds + " s");
        }
    }
}
