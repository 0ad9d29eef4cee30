package ringside.bench.io;

/// What the page cache is to hold of the file when the reads begin.
public enum CacheState {
    /// Every page; held there while the reads last.
    HOT("hot"),
    /// None; and each block is read once at most.
    COLD("cold"),
    /// It doesn't matter: reads go past the page cache (`O_DIRECT`).
    PAST("past");

    private final String id;

    CacheState(String id) {
        this.id = id;
    }

    /// The word in results, and on the command line but for `past`.
    public String id() {
        return id;
    }

    /// @throws IllegalArgumentException with a message for a person
    public static CacheState byId(String id) {
        return switch (id) {
            case "hot" -> HOT;
            case "cold" -> COLD;
            case "past" -> PAST;
            default ->
                throw new IllegalArgumentException("unknown state '" + id + "' of the cache. Choose one of: hot, cold");
        };
    }
}
