package ringside.bench.explain;

/// What a descriptor of the server is to the request.
enum DescriptorKind {
    /// The connection that the request came by.
    CONNECTION("socket"),
    LISTENER("listener"),
    /// The file that is asked for.
    FILE("file"),
    /// The same, open with O_DIRECT.
    DIRECT_FILE("file, O_DIRECT"),
    RING("ring"),
    EPOLL("epoll"),
    EVENTFD("eventfd"),
    TIMERFD("timerfd"),
    /// The end that is read from.
    PIPE_OUT("pipe, read end"),
    /// The end that is written to.
    PIPE_IN("pipe, write end"),
    /// Something else: its label says what.
    OTHER(""),
    /// It wasn't there when the descriptors were looked at.
    UNKNOWN("?"),
    /// The call has none.
    NONE("");

    private final String label;

    DescriptorKind(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
