package ringside.bench.explain;

/// What a step is about, for its colour.
enum Category {
    SOCKET("socket", "c0"),
    FILE("file", "c1"),
    RING("submission and completion", "c2"),
    WAKE("wake-up", "c3"),
    DEVICE("device, page cache", "c4"),
    WAIT("waiting", "c7"),
    OTHER("other", "c6");

    private final String label;
    private final String hue;

    Category(String label, String hue) {
        this.label = label;
        this.hue = hue;
    }

    String label() {
        return label;
    }

    /// The style sheet's class.
    String hue() {
        return hue;
    }

    static Category of(Step step) {
        return switch (step.kind()) {
            case PAGES, FAULT, BLOCK -> DEVICE;
            case SLEEP -> WAIT;
            case RUN, PUNT -> RING;
            case CALL, SUBMISSION, COMPLETION, ARM, NOTE -> byDescriptor(step);
        };
    }

    private static Category byDescriptor(Step step) {
        return switch (step.descriptor()) {
            case CONNECTION -> SOCKET;
            case FILE, DIRECT_FILE, PIPE_IN, PIPE_OUT -> FILE;
            case RING -> RING;
            case EPOLL -> WAIT;
            case EVENTFD, TIMERFD -> WAKE;
            case LISTENER, OTHER, UNKNOWN -> OTHER;
            case NONE -> byName(step.name());
        };
    }

    private static Category byName(String name) {
        return switch (name) {
            case "futex" -> WAKE;
            case "io_submit", "io_getevents", "io_pgetevents" -> RING;
            case "TIMEOUT" -> WAIT;
            default -> OTHER;
        };
    }
}
