package ringside.linux;

/// What a file is: the `S_IFMT` bits of its mode, inode(7).
public enum FileKind {
    REGULAR(0x8000),
    DIRECTORY(0x4000),
    SYMBOLIC_LINK(0xA000),
    CHARACTER_DEVICE(0x2000),
    BLOCK_DEVICE(0x6000),
    FIFO(0x1000),
    SOCKET(0xC000),
    /// No kind that inode(7) knows, such as the descriptor of an eventfd or of a ring.
    ANONYMOUS(0);

    private static final int S_IFMT = 0xF000;

    private final int formatBits;

    FileKind(int formatBits) {
        this.formatBits = formatBits;
    }

    public static FileKind ofMode(int mode) {
        return switch (mode & S_IFMT) {
            case 0x8000 -> REGULAR;
            case 0x4000 -> DIRECTORY;
            case 0xA000 -> SYMBOLIC_LINK;
            case 0x2000 -> CHARACTER_DEVICE;
            case 0x6000 -> BLOCK_DEVICE;
            case 0x1000 -> FIFO;
            case 0xC000 -> SOCKET;
            case 0 -> ANONYMOUS;
            default -> throw new IllegalArgumentException("no file type in mode 0" + Integer.toOctalString(mode));
        };
    }

    /// The bits of `S_IFMT` that stand for this kind.
    public int formatBits() {
        return formatBits;
    }
}
