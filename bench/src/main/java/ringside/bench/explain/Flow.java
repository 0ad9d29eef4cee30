package ringside.bench.explain;

/// What became of the bytes that a call or an operation counts.
enum Flow {
    /// They aren't the file's.
    NONE,
    /// The CPU copied them from the page cache into memory of the server.
    PAGE_CACHE_TO_BUFFER,
    /// The device wrote them into memory of the server.
    DEVICE_TO_BUFFER,
    /// The CPU copied them from memory of the server into the socket.
    BUFFER_TO_SOCKET,
    /// They went into the socket without passing through memory of the server.
    WITHIN_KERNEL,
    /// The socket was to take them from where they lay (MSG_ZEROCOPY, SEND_ZC); whether it did, the
    /// notification says.
    ZERO_COPY;

    /// Whether the client gets them.
    boolean isToSocket() {
        return this == BUFFER_TO_SOCKET || this == WITHIN_KERNEL || this == ZERO_COPY;
    }
}
