package ringside.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads the names in a directory as the bytes that they are: getdents64(2).
///
/// Owns one buffer; one thread at a time; the memory lives as long as the arena. `.` and `..` are left out.
/// The order is the file system's.
public final class DirectoryEntries {

    /// `struct linux_dirent64`, `linux/dirent.h`: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[].
    static final int RECLEN = 16;
    static final int TYPE = 18;
    static final int NAME = 19;

    private static final int BUFFER_BYTES = 64 << 10;
    /// `d_type` is the file's kind, shifted down (`IFTODT` of `dirent.h`).
    private static final int TYPE_SHIFT = 12;

    private final Kernel kernel;
    private final MemorySegment buffer;

    /// Told of each entry.
    @FunctionalInterface
    public interface Visitor {
        /// @param names holds the name; the array is used again afterwards
        /// @param lengthBytes of the name, which starts at 0
        /// @param kind as the directory says it; [FileKind#ANONYMOUS] where the file system doesn't: ask
        ///     statx(2)
        void entry(byte[] names, int lengthBytes, FileKind kind);
    }

    public DirectoryEntries(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
    }

    /// Reads a directory through, from where its descriptor stands.
    ///
    /// @param fd a directory, open for reading
    /// @param object its name, for messages
    /// @throws KernelException if the kernel refuses
    public void visit(int fd, String object, Visitor visitor) {
        byte[] name = new byte[256];
        while (true) {
            long filled = Interruptions.restart(kernel, Syscall.GETDENTS64, fd, buffer.address(), buffer.byteSize(), 0);
            KernelException.check(Syscall.GETDENTS64, object, filled);
            if (filled == 0) {
                return;
            }
            long at = 0;
            while (at < filled) {
                int recordBytes = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + RECLEN));
                int length = 0;
                for (byte b = buffer.get(ValueLayout.JAVA_BYTE, at + NAME); b != 0; ) {
                    name[length++] = b;
                    b = buffer.get(ValueLayout.JAVA_BYTE, at + NAME + length);
                }
                if (!isDots(name, length)) {
                    visitor.entry(name, length, kind(buffer.get(ValueLayout.JAVA_BYTE, at + TYPE)));
                }
                at += recordBytes;
            }
        }
    }

    private static FileKind kind(int type) {
        return FileKind.ofMode(type << TYPE_SHIFT & FileKind.S_IFMT);
    }

    private static boolean isDots(byte[] name, int length) {
        return (length == 1 && name[0] == '.') || (length == 2 && name[0] == '.' && name[1] == '.');
    }
}
