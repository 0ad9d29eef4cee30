package ringside.server;

/// What a response says about the connection after it, RFC 9112 §9.3.
enum Persistence {
    /// Nothing: HTTP/1.1 keeps it.
    IMPLIED(0, ""),
    /// To a client of HTTP/1.0 that asked for it.
    KEEP_ALIVE(1, "Connection: keep-alive\r\n"),
    CLOSE(2, "Connection: close\r\n");

    /// How many there are.
    static final int COUNT = 3;

    /// From 0, for arrays.
    final int index;

    /// A line, or empty.
    final String field;

    Persistence(int index, String field) {
        this.index = index;
        this.field = field;
    }
}
