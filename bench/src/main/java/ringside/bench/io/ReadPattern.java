package ringside.bench.io;

/// In which order the blocks of a file are read.
public enum ReadPattern {
    RANDOM("rand"),
    SEQUENTIAL("seq");

    private final String id;

    ReadPattern(String id) {
        this.id = id;
    }

    /// The word on the command line and in results.
    public String id() {
        return id;
    }

    /// @throws IllegalArgumentException with a message for a person
    public static ReadPattern byId(String id) {
        for (ReadPattern pattern : values()) {
            if (pattern.id.equals(id)) {
                return pattern;
            }
        }
        throw new IllegalArgumentException("unknown pattern '" + id + "'. Choose one of: rand, seq");
    }
}
