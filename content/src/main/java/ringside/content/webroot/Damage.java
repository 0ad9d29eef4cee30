package ringside.content.webroot;

/// What can be wrong with a webroot, gravest first: the order in which it is looked for, since each makes
/// what comes after it hard to judge.
public enum Damage {
    /// Not a webroot, or of a version that this program doesn't know.
    NOT_A_WEBROOT(3, "not a webroot of a known version"),
    HEADER(4, "the header is damaged"),
    /// Cut off, or something was appended.
    LENGTH(5, "the file's length is not what its header says"),
    INDEX(6, "the index is damaged"),
    /// The checksums are right and what they cover makes no sense: a writer's defect, or malice.
    STRUCTURE(7, "the index contradicts itself"),
    BODY(8, "a body is damaged"),
    /// Bytes between bodies that nobody reads aren't zero.
    PADDING(9, "the padding is not zero");

    private final int exitCode;
    private final String meaning;

    Damage(int exitCode, String meaning) {
        this.exitCode = exitCode;
        this.meaning = meaning;
    }

    /// What `ringside fsck` exits with when this is the gravest that it found.
    public int exitCode() {
        return exitCode;
    }

    public String meaning() {
        return meaning;
    }
}
