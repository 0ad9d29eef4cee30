package ringside.linux;

/// What a file is: the `S_IFMT` bits of its mode, inode(7).
public enum FileKind {
    REGULAR(Bits.S_IFREG),
    DIRECTORY(Bits.S_IFDIR),
    SYMBOLIC_LINK(Bits.S_IFLNK),
    CHARACTER_DEVICE(Bits.S_IFCHR),
    BLOCK_DEVICE(Bits.S_IFBLK),
    FIFO(Bits.S_IFIFO),
    SOCKET(Bits.S_IFSOCK),
    /// No kind that inode(7) knows, such as the descriptor of an eventfd or of a ring.
    ANONYMOUS(0);

    /// Of `sys/stat.h`.
    private static final class Bits {
        static final int S_IFREG = 0x8000;
        static final int S_IFDIR = 0x4000;
        static final int S_IFLNK = 0xA000;
        static final int S_IFCHR = 0x2000;
        static final int S_IFBLK = 0x6000;
        static final int S_IFIFO = 0x1000;
        static final int S_IFSOCK = 0xC000;
    }

    static final int S_IFMT = 0xF000;

    private final int formatBits;

    FileKind(int formatBits) {
        this.formatBits = formatBits;
    }

    public static FileKind ofMode(int mode) {
        return switch (mode & S_IFMT) {
            case Bits.S_IFREG -> REGULAR;
            case Bits.S_IFDIR -> DIRECTORY;
            case Bits.S_IFLNK -> SYMBOLIC_LINK;
            case Bits.S_IFCHR -> CHARACTER_DEVICE;
            case Bits.S_IFBLK -> BLOCK_DEVICE;
            case Bits.S_IFIFO -> FIFO;
            case Bits.S_IFSOCK -> SOCKET;
            case 0 -> ANONYMOUS;
            default -> throw new IllegalArgumentException("no file type in mode 0" + Integer.toOctalString(mode));
        };
    }

    /// The bits of `S_IFMT` that stand for this kind.
    public int formatBits() {
        return formatBits;
    }
}
